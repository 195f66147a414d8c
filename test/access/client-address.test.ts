import { describe, expect, test } from 'vitest';
import {
  ClientAddresses,
  limitedAddress,
  parseNetworks,
  type AddressHeaders,
} from '../../src/access/client-address.ts';

const local = { host: 'localhost:8000' };

function find(peer: string, headers: AddressHeaders, trusted?: string) {
  return new ClientAddresses(trusted === undefined ? undefined : parseNetworks(trusted)).find(
    peer,
    headers,
  );
}

describe('without proxies', () => {
  test.each(['127.0.0.1', '127.8.9.1', '::1', '::ffff:127.0.0.1'])('%s is this machine', (peer) => {
    for (const host of ['localhost', 'localhost:8000', '127.0.0.1:8000', '[::1]:8000']) {
      expect(find(peer, { host }).isLoopback).toBe(true);
    }
  });

  test.each(['10.0.0.1', '192.168.1.1', '::2', '', '::ffff:10.0.0.1'])('%j is not', (peer) => {
    expect(find(peer, local).isLoopback).toBe(false);
  });

  test.each(['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example', '', '10.0.0.1'])(
    'a Host of %j is the trick of a page',
    (host) => {
      expect(find('127.0.0.1', { host }).isLoopback).toBe(false);
    },
  );

  test.each([
    { 'x-forwarded-for': '127.0.0.1' },
    { forwarded: 'for=127.0.0.1' },
    { 'x-real-ip': '127.0.0.1' },
    { 'x-forwarded-for': '' },
  ])('%j from a proxy that is not trusted is never this machine', (headers) => {
    expect(find('127.0.0.1', { ...local, ...headers })).toEqual({
      address: '127.0.0.1',
      isLoopback: false,
    });
  });
});

describe('behind trusted proxies', () => {
  const trusted = '127.0.0.1, 10.0.0.0/8,fd00::/8';

  test.each([
    ['203.0.113.7', '203.0.113.7'],
    ['1.1.1.1, 203.0.113.7', '203.0.113.7'],
    ['127.0.0.1, 203.0.113.7, 10.1.2.3', '203.0.113.7'],
    ['203.0.113.7:4711, 10.1.2.3', '203.0.113.7'],
    ['2001:db8::7, fd00::1', '2001:db8::7'],
    ['[2001:db8::7]:443', '2001:db8::7'],
    ['nonsense, 10.1.2.3', '10.1.2.3'],
    ['nonsense', 'unknown'],
  ])('X-Forwarded-For: %s is read from the right', (header, address) => {
    const found = find('10.0.0.1', { ...local, 'x-forwarded-for': header }, trusted);
    expect(found.address).toBe(address);
    expect(found.isLoopback).toBe(false);
  });

  test.each([
    ['for=203.0.113.7', '203.0.113.7'],
    ['for=1.1.1.1, for="203.0.113.7:80";proto=https;by=10.0.0.1', '203.0.113.7'],
    ['proto=https;For="[2001:db8::7]:4711"', '2001:db8::7'],
    ['for=_hidden', 'unknown'],
  ])('Forwarded: %s is read too', (forwarded, address) => {
    expect(find('10.0.0.1', { ...local, forwarded }, trusted).address).toBe(address);
  });

  test('this machine behind its own proxy is this machine', () => {
    const headers = { ...local, 'x-forwarded-for': '127.0.0.1' };
    expect(find('10.0.0.1', headers, trusted).isLoopback).toBe(true);
    expect(find('10.0.0.1', { ...headers, host: 'api.example' }, trusted).isLoopback).toBe(false);
    expect(find('192.0.2.1', headers, trusted).isLoopback).toBe(false);
  });

  test('headers that disagree are believed by nobody', () => {
    const headers = { ...local, 'x-forwarded-for': '203.0.113.7', forwarded: 'for=127.0.0.1' };
    expect(find('10.0.0.1', headers, trusted)).toEqual({ address: '10.0.0.1', isLoopback: false });
  });
});

test.each(['10.0.0.0/33', 'localhost', '10.0.0.1/', '::1/129', '1.2.3'])(
  '%j is no list of proxies',
  (text) => {
    expect(parseNetworks(text)).toBeUndefined();
  },
);

test('an IPv6 client is limited by its network', () => {
  expect(limitedAddress('2001:db8:1:2:3:4:5:6')).toBe('2001:db8:1:2::/64');
  expect(limitedAddress('2001:db8::1')).toBe(limitedAddress('2001:0db8:0:0::ffff'));
  expect(limitedAddress('2001:db8::1')).not.toBe(limitedAddress('2001:db8:0:1::1'));
  expect(limitedAddress('203.0.113.7')).toBe('203.0.113.7');
});
