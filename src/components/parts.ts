/** The four parts of a packet, and the class that gives each its colour and its underline. */
export const partClass = { fixed: 'fh', variable: 'vh', properties: 'pr', payload: 'pl' } as const;

/** A part of a packet. */
export type PacketPart = keyof typeof partClass;
