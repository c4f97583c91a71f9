/** Where pages are, and where on them a thing stands. It knows addresses and nothing of what is shown there. */
import type { PropertyKey } from '#broker/codec/index.ts';
import { type PacketType, VERSION_NAMES, type Version } from '#broker/codec/packet.ts';

/** The address of a page of the site, below the folder that it is served from. */
export function pageAddress(page: string): string {
  return `${import.meta.env.BASE_URL.replace(/\/$/, '')}/${page}`;
}

/** The name of a statement's row on the page of all statements. MQTT 3.1 borrows the statements of 3.1.1. */
export function statementAnchor(version: Version, id: string): string {
  return `${version === 5 ? 'v5' : 'v3'}-${id}`;
}

/** The address of a statement's row. */
export function statementAddress(version: Version, id: string): string {
  return pageAddress(`reference/conformance/#${statementAnchor(version, id)}`);
}

/** The page of all statements, showing those that have a text in them. */
export function statementsWith(text: string): string {
  return pageAddress(`reference/conformance/?find=${encodeURIComponent(text)}`);
}

/** The address of a type of packet. */
export function packetAddress(type: PacketType): string {
  return pageAddress(`reference/packets/#${type}`);
}

/** The address of a property's row. */
export function propertyAddress(key: PropertyKey): string {
  return pageAddress(`reference/properties/#${key}`);
}

/** The name of a reason code's row: `0x87`. */
export function reasonAnchor(code: number): string {
  return `0x${code.toString(16).padStart(2, '0').toUpperCase()}`;
}

/** The address of a reason code's row. */
export function reasonAddress(code: number): string {
  return pageAddress(`reference/reason-codes/#${reasonAnchor(code)}`);
}

/** The address that opens a packet in the playground. */
export function playgroundAddress(bytes: Uint8Array, version: Version): string {
  const digits = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0').toUpperCase()).join('');
  return pageAddress(`playground/#packet=${VERSION_NAMES[version]}:${digits}`);
}
