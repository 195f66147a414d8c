import path from 'node:path';
import protobuf from 'protobufjs';
import { PACKAGE_ROOT } from '../package-root.ts';

/** A 64-bit integer as protobufjs reads it; a plain number where it is written. */
export type Int64 = number | { readonly low: number; readonly high: number; toNumber(): number };

/** `InferParameter`; the field that is set is the value. */
export interface InferParameterMessage {
  readonly bool_param?: boolean;
  readonly int64_param?: Int64;
  readonly string_param?: string;
  readonly double_param?: number;
  readonly uint64_param?: Int64;
}

/** Parameters by name. */
export type ParameterMessages = Readonly<Record<string, InferParameterMessage>>;

/** `InferTensorContents`. */
export interface TensorContentsMessage {
  readonly bool_contents?: readonly boolean[];
  readonly int_contents?: readonly number[];
  readonly int64_contents?: readonly Int64[];
  readonly uint_contents?: readonly number[];
  readonly uint64_contents?: readonly Int64[];
  readonly fp32_contents?: readonly number[];
  readonly fp64_contents?: readonly number[];
  readonly bytes_contents?: readonly Uint8Array[];
}

/** An input or output with its contents. */
export interface TensorMessage {
  readonly name: string;
  readonly datatype: string;
  readonly shape: readonly Int64[];
  readonly parameters?: ParameterMessages;
  readonly contents?: TensorContentsMessage | null;
}

/** `ModelInferRequest`. */
export interface InferRequestMessage {
  readonly model_name: string;
  readonly model_version?: string;
  readonly id?: string;
  readonly parameters?: ParameterMessages;
  readonly inputs: readonly TensorMessage[];
  readonly outputs?: readonly { readonly name: string; readonly parameters?: ParameterMessages }[];
  readonly raw_input_contents?: readonly Uint8Array[];
}

/** `ModelInferResponse`. */
export interface InferResponseMessage {
  readonly model_name: string;
  readonly model_version: string;
  readonly id?: string;
  readonly parameters?: ParameterMessages;
  readonly outputs: readonly TensorMessage[];
  readonly raw_output_contents: readonly Uint8Array[];
}

/** Writes and reads one message. */
export interface MessageType {
  encode(message: object): Buffer;
  /** @throws {Error} where the bytes are not of this message */
  decode(bytes: Uint8Array): unknown;
}

/** A method of the service. */
export interface MethodType {
  readonly name: string;
  readonly request: MessageType;
  readonly response: MessageType;
  readonly requestStream: boolean;
  readonly responseStream: boolean;
}

/** Full name of the service. */
export const SERVICE_NAME = 'inference.GRPCInferenceService';

/** The `.proto` of the service, which is shipped for clients to be generated from. */
export const PROTO_FILE = path.join(PACKAGE_ROOT, 'proto', 'inference.proto');

let methods: ReadonlyMap<string, MethodType> | undefined;

/** All methods by name; the file is read when they are first asked for. */
export function serviceMethods(): ReadonlyMap<string, MethodType> {
  methods ??= new Map(
    loadService().methodsArray.map((method) => {
      method.resolve();
      const { name, resolvedRequestType, resolvedResponseType } = method;
      if (!resolvedRequestType || !resolvedResponseType) throw new Error(`${name} has no messages`);
      return [
        name,
        {
          name,
          request: messageType(resolvedRequestType),
          response: messageType(resolvedResponseType),
          requestStream: method.requestStream === true,
          responseStream: method.responseStream === true,
        },
      ];
    }),
  );
  return methods;
}

/**
 * A method by name.
 *
 * @throws {Error} where the service has none
 */
export function serviceMethod(name: string): MethodType {
  const method = serviceMethods().get(name);
  if (!method) throw new Error(`the service has no method ${name}`);
  return method;
}

function loadService(): protobuf.Service {
  const root = new protobuf.Root();
  // Names as they stand in the file, as everybody else writes them.
  root.loadSync(PROTO_FILE, { keepCase: true });
  return root.lookupService(SERVICE_NAME);
}

function messageType(type: protobuf.Type): MessageType {
  return {
    encode: (message) => type.encode(message).finish() as Buffer,
    decode: (bytes) => type.decode(bytes),
  };
}

/**
 * A 64-bit integer as a number.
 *
 * @returns NaN where a number cannot hold it exactly
 */
export function toNumber(value: Int64): number {
  const number = typeof value === 'number' ? value : value.toNumber();
  return Number.isSafeInteger(number) ? number : NaN;
}

/** A 64-bit integer, exactly. */
export function toBigInt(value: Int64, unsigned: boolean): bigint {
  if (typeof value === 'number') return BigInt(value);
  const bits = (BigInt(value.high >>> 0) << 32n) | BigInt(value.low >>> 0);
  return unsigned ? bits : BigInt.asIntN(64, bits);
}
