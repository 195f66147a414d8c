/** What the tests use of the package, whose own types would bring those of Koa with them. */
declare module 'oidc-provider' {
  import type { RequestListener } from 'node:http';

  /** An OpenID provider. */
  export default class Provider {
    /** @param configuration see the documentation of the package */
    constructor(issuer: string, configuration: Readonly<Record<string, unknown>>);
    /** Answers the requests of a server. */
    callback(): RequestListener;
  }
}
