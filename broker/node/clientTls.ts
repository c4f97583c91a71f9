// TLS for clients: the files that a command line names made into what Node takes. Knows certificates; knows no MQTT.
import { readdirSync, readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { type ConnectionOptions, getCACertificates } from 'node:tls';
import type { TlsTarget } from '../client/tools/host.ts';

/** A file that was named cannot be read. */
export class TlsFileMissing extends Error {
  override readonly name = 'TlsFileMissing';
}

/**
 * What Node has to know to encrypt a connection.
 * @param host whose certificate it has to be
 * @throws TlsFileMissing
 */
export function clientTls(tls: TlsTarget, host: string): ConnectionOptions {
  const { certfile, keyfile, minimumVersion, ciphers, alpn, isInsecure } = tls;
  return {
    ca: authoritiesOf(tls),
    minVersion: minimumVersion ?? 'TLSv1.2',
    ...(isIP(host) === 0 && { servername: host }),
    ...(certfile !== undefined && { cert: read(certfile) }),
    ...(keyfile !== undefined && { key: read(keyfile) }),
    ...(ciphers !== undefined && { ciphers }),
    ...(alpn !== undefined && { ALPNProtocols: [alpn] }),
    ...(isInsecure && { checkServerIdentity: () => undefined }),
  };
}

function authoritiesOf({ cafile, capath, usesSystemCertificates }: TlsTarget): string[] {
  return [
    ...(cafile === undefined ? [] : [read(cafile)]),
    ...(capath === undefined ? [] : folder(capath)),
    ...(usesSystemCertificates ? getCACertificates('system') : []),
  ];
}

function folder(path: string): string[] {
  const files = attempt(() => readdirSync(path, { withFileTypes: true }));
  return files.filter((entry) => !entry.isDirectory()).map(({ name }) => read(`${path}/${name}`));
}

function read(path: string): string {
  return attempt(() => readFileSync(path, 'latin1'));
}

function attempt<Result>(action: () => Result): Result {
  try {
    return action();
  } catch {
    throw new TlsFileMissing();
  }
}
