// Certificates for a test: an authority, a server, clients, and one that was revoked, made by OpenSSL when they are wanted.
import { execFileSync } from 'node:child_process';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { folder } from './files.ts';

export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

export interface Certificates {
  readonly path: string;
  readonly ca: string;
  readonly crl: string;
  readonly server: Certificate;
  readonly client: Certificate;
  readonly revoked: Certificate;
  /** Signed by nobody whom the others know. */
  readonly stranger: Certificate;
}

const KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

const SETTINGS = `[ca]
default_ca = here
[here]
database = index
serial = serial
new_certs_dir = .
default_md = sha256
policy = any
default_days = 2
default_crl_days = 2
unique_subject = no
copy_extensions = copy
[any]
countryName = optional
stateOrProvinceName = optional
organizationName = optional
organizationalUnitName = optional
commonName = supplied
[req]
distinguished_name = name
string_mask = utf8only
[name]
`;

/** Makes them all in a folder that is gone when the test is over. */
export function certificates(): Certificates {
  const { path } = folder();
  const openssl = (...words: string[]) =>
    execFileSync('openssl', words, { cwd: path, stdio: ['ignore', 'pipe', 'pipe'] });
  writeFileSync(`${path}/openssl.cnf`, SETTINGS);
  writeFileSync(`${path}/index`, '');
  writeFileSync(`${path}/serial`, '01\n');
  const authority = (name: string) =>
    openssl(
      'req',
      '-x509',
      ...KEY,
      '-keyout',
      `${name}.key`,
      '-out',
      `${name}.crt`,
      '-subj',
      `/CN=${name}`,
      '-days',
      '2',
    );
  authority('authority');
  authority('stranger');
  const request = ['-config', 'openssl.cnf', '-utf8'];
  const sign = (name: string, subject: string, ...extra: string[]): Certificate => {
    openssl(
      'req',
      '-new',
      ...request,
      ...KEY,
      '-keyout',
      `${name}.key`,
      '-out',
      `${name}.csr`,
      '-subj',
      subject,
      ...extra,
    );
    const ca = [
      '-config',
      'openssl.cnf',
      '-batch',
      '-notext',
      '-keyfile',
      'authority.key',
      '-cert',
      'authority.crt',
    ];
    openssl('ca', ...ca, '-preserveDN', '-in', `${name}.csr`, '-out', `${name}.crt`);
    return pair(name);
  };
  const pair = (name: string): Certificate => {
    const { cert, key } = { cert: `${path}/${name}.crt`, key: `${path}/${name}.key` };
    chmodSync(key, 0o644); // Mosquitto, started by root, reads it as somebody else
    return { cert, key };
  };
  const server = sign('server', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1');
  const client = sign('client', '/C=GB/ST=Ålesund/O=Server, Inc./OU=Production/CN=test client');
  const revoked = sign('revoked', '/CN=revoked');
  const ca = ['ca', '-config', 'openssl.cnf', '-keyfile', 'authority.key', '-cert', 'authority.crt'];
  openssl(...ca, '-revoke', 'revoked.crt');
  openssl(...ca, '-gencrl', '-out', 'revoked.crl');
  return {
    path,
    ca: `${path}/authority.crt`,
    crl: `${path}/revoked.crl`,
    server,
    client,
    revoked,
    stranger: pair('stranger'),
  };
}

/** What Node takes of a certificate. */
export function contents({ cert, key }: Certificate): { cert: Buffer; key: Buffer } {
  return { cert: readFileSync(cert), key: readFileSync(key) };
}
