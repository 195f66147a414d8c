/** What a protocol's client needs to talk to one address. All secrets are resolved. */
export interface RemoteTarget {
  /** `http://host:8000/base` or `grpc://host:8001`; with an s for TLS. */
  readonly url: URL;
  /** Name of the model there. */
  readonly model: string;
  /** Version there, or `undefined` for the one that serves. */
  readonly version: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly tls: RemoteTls | undefined;
  /** Connections that are kept. */
  readonly maxInFlight: number;
  /** Largest answer, in bytes. */
  readonly maxAnswerBytes: number;
}

/** Contents of the files of TLS, PEM. */
export interface RemoteTls {
  readonly ca?: Buffer | undefined;
  readonly cert?: Buffer | undefined;
  readonly key?: Buffer | undefined;
  readonly serverName?: string | undefined;
  readonly verify: boolean;
}
