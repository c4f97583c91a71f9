// Lists of revoked certificates (RFC 5280, section 5): whether a certificate stands on the list of the authority that signed it.
// Knows as much DER as such a list needs. Node's own check wants a list of every authority up to the root, where Mosquitto's is
// content with the list of the one that signed the client's certificate.
import { type KeyObject, verify, type X509Certificate } from 'node:crypto';

/** What is known of revoked certificates. */
export interface Revocations {
  readonly lists: readonly RevocationList[];
  /** Those who may have signed certificates and lists. */
  readonly authorities: readonly X509Certificate[];
}

/** One list. Times are in milliseconds since 1970. */
export interface RevocationList {
  readonly serialNumbers: ReadonlySet<bigint>;
  readonly from: number;
  /** When the next list is there at the latest. */
  readonly until: number;
  /** Whether it is this authority's. */
  isBy(authority: X509Certificate): boolean;
}

const LIST = /-----BEGIN X509 CRL-----(.+?)-----END X509 CRL-----/gs;

const TAG = { integer: 0x02, utcTime: 0x17, generalizedTime: 0x18, sequence: 0x30 } as const;

/** The digests that signatures are of, by the object identifier of the signature (RFC 8017, 5758 and 8410). */
const DIGESTS: Readonly<Record<string, string | null>> = {
  '2a864886f70d010105': 'sha1',
  '2a864886f70d01010b': 'sha256',
  '2a864886f70d01010c': 'sha384',
  '2a864886f70d01010d': 'sha512',
  '2a8648ce3d040302': 'sha256',
  '2a8648ce3d040303': 'sha384',
  '2a8648ce3d040304': 'sha512',
  '2b6570': null,
};

/**
 * Why a certificate is not good any more, in OpenSSL's words, if it is not. The list of its authority has to be there; those of
 * the authorities above it are looked at where they are.
 * @param now in milliseconds since 1970
 */
export function revocationOf(
  certificate: X509Certificate,
  { lists, authorities }: Revocations,
  now: number,
): string | undefined {
  const authority =
    authorities.find(({ publicKey }) => certificate.verify(publicKey)) ?? certificate.issuerCertificate;
  const own = lists.filter((list) => authority !== undefined && list.isBy(authority));
  if (authority === undefined || own.length === 0) return 'UNABLE_TO_GET_CRL';
  if (!own.some(({ from, until }) => from <= now && now < until)) return 'CRL_HAS_EXPIRED';
  const serialNumber = BigInt(`0x${certificate.serialNumber}`);
  if (own.some(({ serialNumbers }) => serialNumbers.has(serialNumber))) return 'CERT_REVOKED';
  if (authority.verify(authority.publicKey)) return undefined; // a root
  const others = authorities.filter((each) => each !== authority);
  const above = revocationOf(authority, { lists, authorities: others }, now);
  return above === 'UNABLE_TO_GET_CRL' ? undefined : above;
}

/** Reads the lists of a file. @throws RangeError if there are none, or one that cannot be read */
export function parseLists(pem: string): RevocationList[] {
  const found = Array.from(pem.matchAll(LIST), ([, base64 = '']) => parseList(Buffer.from(base64, 'base64')));
  if (found.length === 0) throw new RangeError('no list');
  return found;
}

/** RFC 5280, section 5.1: what is signed, how, and the signature. */
function parseList(der: Buffer): RevocationList {
  const [signed, algorithm, signature] = parts(first(der).content);
  if (signed === undefined || algorithm === undefined || signature === undefined)
    throw new RangeError('not a list');
  const digest = DIGESTS[first(algorithm.content).content.toString('hex')];
  const fields = parts(signed.content);
  if (fields[0]?.tag === TAG.integer) fields.shift(); // the version
  const [, , thisUpdate, ...rest] = fields;
  const until = isTime(rest[0]) ? timeOf(rest.shift()) : Number.POSITIVE_INFINITY;
  const entries = rest[0]?.tag === TAG.sequence ? parts(rest[0].content) : [];
  return {
    serialNumbers: new Set(
      entries.map(({ content }) => BigInt(`0x${first(content).content.toString('hex')}`)),
    ),
    from: timeOf(thisUpdate),
    until,
    // A signature begins with the number of bits that are no part of it, which is 0.
    isBy: ({ publicKey }) =>
      digest !== undefined && isSigned(digest, signed.bytes, publicKey, signature.content.subarray(1)),
  };
}

function isSigned(digest: string | null, signed: Buffer, key: KeyObject, signature: Buffer): boolean {
  try {
    return verify(digest, signed, key, signature);
  } catch {
    return false; // a key of another kind
  }
}

/** A piece of DER (X.690, section 8.1): what it is, what is in it, and all of its bytes. */
interface Piece {
  readonly tag: number;
  readonly content: Buffer;
  readonly bytes: Buffer;
}

function parts(der: Buffer): Piece[] {
  const found: Piece[] = [];
  for (let at = 0; at < der.length; ) {
    const short = der.readUInt8(at + 1);
    const start = at + 2 + (short < 0x80 ? 0 : short & 0x7f);
    const length = short < 0x80 ? short : der.readUIntBE(at + 2, short & 0x7f);
    const bytes = der.subarray(at, start + length);
    found.push({ tag: der.readUInt8(at), content: der.subarray(start, start + length), bytes });
    at = start + length;
  }
  return found;
}

function first(der: Buffer): Piece {
  const [piece] = parts(der);
  if (piece === undefined) throw new RangeError('nothing there');
  return piece;
}

function isTime(piece: Piece | undefined): boolean {
  return piece?.tag === TAG.utcTime || piece?.tag === TAG.generalizedTime;
}

/** RFC 5280, section 5.1.2.4: years of two digits below 50 are of this century. */
function timeOf(piece: Piece | undefined): number {
  if (piece === undefined || !isTime(piece)) throw new RangeError('not a time');
  const text = piece.content.toString('latin1');
  const digits = piece.tag === TAG.generalizedTime ? text : `${text < '5' ? 20 : 19}${text}`;
  const time = Date.parse(digits.replace(/^(.{4})(..)(..)(..)(..)(..)Z$/, '$1-$2-$3T$4:$5:$6Z'));
  if (Number.isNaN(time)) throw new RangeError('not a time');
  return time;
}
