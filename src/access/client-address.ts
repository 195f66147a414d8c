import { BlockList, isIP } from 'node:net';

/** Where a call comes from. */
export interface ClientAddress {
  /** Address of the client, as the trusted proxies tell it. */
  readonly address: string;
  /** Whether it is known to be this machine: only then may it do what changes anything. */
  readonly isLoopback: boolean;
}

/** The headers that tell an address, by their lower-case names. */
export interface AddressHeaders {
  readonly host?: string | undefined;
  readonly forwarded?: string | string[] | undefined;
  readonly 'x-forwarded-for'?: string | string[] | undefined;
  readonly 'x-real-ip'?: string | string[] | undefined;
}

const LOOPBACK = toBlockList(['127.0.0.0/8', '::1']);

const FORWARDED_FOR = /(?:^|;)\s*for\s*=\s*(?:"([^"]*)"|([^;\s"]+))/i;

const MAPPED = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;

/** Most addresses of a chain that are looked at. */
const MAX_HOPS = 32;

/**
 * Reads a comma-separated list of addresses and CIDR networks.
 *
 * @returns `undefined` when one of them is neither
 */
export function parseNetworks(text: string): BlockList | undefined {
  const parts = text.split(',').flatMap((part) => part.trim() || []);
  return parts.every(isNetwork) ? toBlockList(parts) : undefined;
}

/** Tells where calls come from, in front of proxies or behind them. */
export class ClientAddresses {
  readonly #trusted: BlockList | undefined;
  #last:
    { readonly peer: string; readonly host: string; readonly found: ClientAddress } | undefined;

  /** @param trustedProxies those whose headers are believed. @default none */
  constructor(trustedProxies?: BlockList) {
    this.#trusted = trustedProxies;
  }

  /** The client of a call, whatever brought it. */
  of(source: {
    readonly peerAddress: string | undefined;
    header(name: string): string | undefined;
  }): ClientAddress {
    return this.find(source.peerAddress, {
      host: source.header('host'),
      forwarded: source.header('forwarded'),
      'x-forwarded-for': source.header('x-forwarded-for'),
      'x-real-ip': source.header('x-real-ip'),
    });
  }

  /**
   * @param peer address of the other end of the connection
   * @param headers what came with the request
   */
  find(peer: string | undefined, headers: AddressHeaders): ClientAddress {
    const { host = '', forwarded } = headers;
    const forwardedFor = headers['x-forwarded-for'];
    const realIp = headers['x-real-ip'];
    const isDirect = forwarded === undefined && forwardedFor === undefined && realIp === undefined;
    // Clients behind one proxy or on one machine share both.
    const last = this.#last;
    if (isDirect && last && last.peer === peer && last.host === host) return last.found;
    const address = plain(peer ?? '');
    if (isDirect) {
      const found = { address, isLoopback: contains(LOOPBACK, address) && isLocalHost(host) };
      if (peer !== undefined) this.#last = { peer, host, found };
      return found;
    }
    if (!this.#trusted || !contains(this.#trusted, address)) return { address, isLoopback: false };
    const chains = [
      forwardedFor === undefined ? undefined : listOf(forwardedFor),
      forwarded === undefined ? undefined : listOf(forwarded).map(forOf),
      realIp === undefined ? undefined : listOf(realIp),
    ].flatMap((chain) => (chain ? [this.#clientOf(address, chain)] : []));
    const [first] = chains;
    // A proxy sets one of them and passes on what the client says in the others.
    if (first === undefined || chains.some((each) => each !== first)) {
      return { address, isLoopback: false };
    }
    return { address: first, isLoopback: contains(LOOPBACK, first) && isLocalHost(host) };
  }

  /** Read from the right: each trusted proxy vouches for the one before it. */
  #clientOf(peer: string, chain: readonly string[]): string {
    let client = peer;
    for (const text of chain.slice(-MAX_HOPS).reverse()) {
      const address = withoutPort(text);
      // Whoever wrote this tells no address: nothing before it can be believed.
      if (address === undefined) return client === peer ? 'unknown' : client;
      client = address;
      if (!this.#trusted || !contains(this.#trusted, address)) return client;
    }
    return client;
  }
}

/** Whether a `Host` header names this machine: others may be the trick of a page (DNS rebinding). */
export function isLocalHost(host: string): boolean {
  const name = host.replace(/:\d*$/, '').toLowerCase();
  if (name === 'localhost' || name === 'localhost.') return true;
  const address = plain(name.replace(/^\[(.*)\]$/, '$1'));
  return contains(LOOPBACK, address);
}

/**
 * What an address is limited by: itself, or the /64 network of an IPv6 address, which is the least
 * that one client has.
 */
export function limitedAddress(address: string): string {
  if (isIP(address) !== 6) return address;
  const [head = '', tail] = address.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length);
  const groups = [...left, ...Array.from({ length: zeros }, () => '0'), ...right].slice(0, 4);
  return `${groups.map((group) => group.toLowerCase().replace(/^0+(?=.)/, '')).join(':')}::/64`;
}

function isNetwork(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return false;
  if (bits === undefined) return true;
  return /^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128);
}

function toBlockList(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', bits] = network.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(bits), family);
  }
  return list;
}

function contains(list: BlockList, address: string): boolean {
  const version = isIP(address);
  return version !== 0 && list.check(address, version === 6 ? 'ipv6' : 'ipv4');
}

/** IPv4 addresses come as such, also over a socket of IPv6. */
function plain(address: string): string {
  return MAPPED.exec(address)?.[1] ?? address;
}

function listOf(header: string | string[]): readonly string[] {
  return (Array.isArray(header) ? header.join(',') : header).split(',').map((part) => part.trim());
}

function forOf(element: string): string {
  const [, quoted, token] = FORWARDED_FOR.exec(element) ?? [];
  return quoted ?? token ?? '';
}

/** An address without the port that some proxies add; `undefined` for what is none. */
function withoutPort(text: string): string | undefined {
  const bare = /^\[([^\]]*)\](?::\d+)?$/.exec(text)?.[1] ?? /^([^:]+):\d+$/.exec(text)?.[1] ?? text;
  const address = plain(bare);
  return isIP(address) === 0 ? undefined : address;
}
