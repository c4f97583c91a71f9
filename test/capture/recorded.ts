/** Conversations over TLS as Node speaks it, recorded between the two ends, with the secrets that Node tells. */
import { Duplex } from 'node:stream';
import { connect, createSecureContext, TLSSocket } from 'node:tls';
import { Talk } from './craft.ts';

/** Made for these tests, and known to everybody. */
const KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQglPnPgcShms89G7I7
czA06VNlv9x49KNqqMJywrM1TdWhRANCAASv16RsWLvrL2vw1ZBVuL+ptxU15mYz
AKQftXdBsPirY7rdMvw+SZJxWrhjHqwkjUe4TnRvC5m6+gobO5IqPvNG
-----END PRIVATE KEY-----`;
const CERT = `-----BEGIN CERTIFICATE-----
MIIBfzCCASWgAwIBAgIUFHrrFATCH7o0//r6cI1pTkbpEJgwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMzAyNTMzOFoYDzIxMjYxMDMw
MDI1MzM4WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAASv16RsWLvrL2vw1ZBVuL+ptxU15mYzAKQftXdBsPirY7rdMvw+SZJx
WrhjHqwkjUe4TnRvC5m6+gobO5IqPvNGo1MwUTAdBgNVHQ4EFgQUOOAGA/0VYZv4
RIQing24tH3Se9UwHwYDVR0jBBgwFoAUOOAGA/0VYZv4RIQing24tH3Se9UwDwYD
VR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNIADBFAiBF9jOKIpW8KSHOfd07JqHY
XP2I7ew52ohzmYuvRs0YUAIhAPq3/7hVRSHHF2UIGrwB3dfy9z4BDyZ3N2wls57+
0mEJ
-----END CERTIFICATE-----`;

export interface Recording {
  talk: Talk;
  /** A key log, as Node writes it. */
  secrets: string;
}

export interface Recorded {
  version: 'TLSv1.2' | 'TLSv1.3';
  /** As OpenSSL names it. */
  cipher: string;
  port?: number;
}

/** What is said: the client's words and the server's, in turns. */
export type Turns = readonly { up?: Uint8Array; down?: Uint8Array }[];

/** Says `turns` over TLS, each after the one before has arrived. */
export async function record({ version, cipher, port = 8883 }: Recorded, turns: Turns): Promise<Recording> {
  const talk = new Talk({ ports: [50_000, port] }).open();
  let secrets = '';
  const [near, far] = wires(talk);
  const context = createSecureContext({
    key: KEY,
    cert: CERT,
    minVersion: version,
    maxVersion: version,
    ciphers: cipher,
  });
  const server = new TLSSocket(far, { isServer: true, secureContext: context });
  const client = connect({
    socket: near,
    rejectUnauthorized: false,
    minVersion: version,
    maxVersion: version,
    ciphers: cipher,
  });
  client.on('keylog', (line: Buffer) => {
    secrets += line.toString();
  });
  const heard = { up: ears(server), down: ears(client) };
  await new Promise((resolve) => client.once('secureConnect', resolve));
  for (const { up, down } of turns) {
    if (up !== undefined) client.write(up);
    if (up !== undefined) await heard.up(up.length);
    if (down !== undefined) server.write(down);
    if (down !== undefined) await heard.down(down.length);
  }
  client.destroy();
  server.destroy();
  return { talk, secrets };
}

/** Waits until so many bytes more have come. */
function ears(socket: TLSSocket): (count: number) => Promise<void> {
  let wanted = 0;
  let done = () => {};
  socket.on('data', (chunk: Buffer) => {
    wanted -= chunk.length;
    if (wanted <= 0) done();
  });
  return (count) =>
    new Promise((resolve) => {
      wanted += count;
      done = resolve;
      if (wanted <= 0) resolve();
    });
}

/** Two ends, and a record of what goes between them. */
function wires(talk: Talk): [Duplex, Duplex] {
  const make = (write: (chunk: Buffer) => void): Duplex =>
    new Duplex({
      read() {},
      write(chunk: Buffer, _encoding, done) {
        write(chunk);
        done();
      },
      final: (done) => done(),
    });
  const near: Duplex = make((chunk) => {
    talk.up(chunk);
    far.push(chunk);
  });
  const far: Duplex = make((chunk) => {
    talk.down(chunk);
    near.push(chunk);
  });
  return [near, far];
}
