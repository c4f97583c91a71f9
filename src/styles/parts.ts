/** The four parts of a packet, and the class that gives each its colour and its underline. */
export const partClass = { fixed: 'fh', variable: 'vh', properties: 'pr', payload: 'pl' } as const;

/** A part of a packet. */
export type PacketPart = keyof typeof partClass;

/** The class for bytes of a part; `x` for bytes that a receiver does not read. */
export function strokeOf(part: PacketPart | 'unread'): string {
  return part === 'unread' ? 'x' : partClass[part];
}
