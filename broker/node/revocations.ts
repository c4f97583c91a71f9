// Lists of revoked certificates (RFC 5280, section 5): whether a certificate stands on the list of the authority that signed it.
// Node's own check wants a list of every authority up to the root, where Mosquitto's is content with the list of the one that
// signed the client's certificate.
import { type KeyObject, verify, type X509Certificate } from 'node:crypto';
import { AsnConvert } from '@peculiar/asn1-schema';
import { CertificateList } from '@peculiar/asn1-x509';

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

/** The digests that signatures are of, by the object identifier of the signature (RFC 8017, 5758 and 8410). */
const DIGESTS: Readonly<Record<string, string | null>> = {
  '1.2.840.113549.1.1.5': 'sha1',
  '1.2.840.113549.1.1.11': 'sha256',
  '1.2.840.113549.1.1.12': 'sha384',
  '1.2.840.113549.1.1.13': 'sha512',
  '1.2.840.10045.4.3.2': 'sha256',
  '1.2.840.10045.4.3.3': 'sha384',
  '1.2.840.10045.4.3.4': 'sha512',
  '1.3.101.112': null,
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

/** Reads the lists of a file. @throws Error if there are none, or one that cannot be read */
export function parseLists(pem: string): RevocationList[] {
  const found = Array.from(pem.matchAll(LIST), ([, base64 = '']) => parseList(Buffer.from(base64, 'base64')));
  if (found.length === 0) throw new RangeError('no list');
  return found;
}

function parseList(der: Buffer): RevocationList {
  const { tbsCertList, tbsCertListRaw, signatureAlgorithm, signature } = AsnConvert.parse(
    der,
    CertificateList,
  );
  const digest = DIGESTS[signatureAlgorithm.algorithm];
  const signed = Buffer.from(tbsCertListRaw as ArrayBuffer);
  return {
    serialNumbers: new Set(
      tbsCertList.revokedCertificates?.map(({ userCertificate }) => numberOf(userCertificate)),
    ),
    from: tbsCertList.thisUpdate.getTime().getTime(),
    until: tbsCertList.nextUpdate?.getTime().getTime() ?? Number.POSITIVE_INFINITY,
    isBy: ({ publicKey }) =>
      digest !== undefined && isSigned(digest, signed, publicKey, Buffer.from(signature)),
  };
}

function numberOf(bytes: ArrayBuffer): bigint {
  return BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
}

function isSigned(digest: string | null, signed: Buffer, key: KeyObject, signature: Buffer): boolean {
  try {
    return verify(digest, signed, key, signature);
  } catch {
    return false; // a key of another kind
  }
}
