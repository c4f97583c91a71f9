// Why something cannot be done to a world, as one table: the sentence that developers read, with names for its values. What
// readers are told is for others to say, by the names of the rows. Knows nothing of how an impossibility is found out.
import { ImpossibleInput, type Refusal } from './input.ts';

// biome-ignore format: a table, a row to each line
export const REFUSALS = {
  // Who is in the world, and how they are connected
  noClient: 'there is no client {client}',
  nameTaken: 'the name {client} is taken already',
  connected: '{client} is connected already',
  notConnected: '{client} is not connected',
  frozen: 'the connection of {client} is frozen already',
  notFrozen: 'the connection of {client} is not frozen',

  // What only MQTT 5.0 has
  expiryOlder: '{client} does not speak MQTT 5.0, which alone knows a session expiry interval',
  propertiesOlder: '{client} does not speak MQTT 5.0, which alone knows properties',
  optionsOlder: '{client} does not speak MQTT 5.0, which alone knows subscription options',

  // Packets on their way
  noPacket: 'there is no packet {number}',
  packetDelivered: 'packet {number} is delivered already',
  packetLost: 'packet {number} is lost already',
  packetHeld: 'packet {number} is held already',
  packetNotHeld: 'packet {number} is not held',
  packetFrozen: 'packet {number} cannot move: its connection is frozen',
  packetBehind: 'packet {number} is behind packet {first}: TCP keeps their order',
  packetEarly: 'packet {number} is on its way for another {left} ms',
  packetFirst: 'there is no packet before packet {number}',
  packetStands: 'packet {number} cannot be moved',
  isTcp: 'on TCP no packet is dropped, doubled or brought forward: it keeps all, in their order',

  // Time, and how much there can be
  timeBack: 'time does not go back: {time}',
  timeEndless: 'a wait has an end',
  worldFull: 'more has happened than a world has room for, which is {most} packets',

  // At a broker that is not of this world
  notOurs: 'a real broker is not ours to do this with',
  stranger: '{client} is not this page’s',
  stepsFull: 'no more steps are written down',

  // What a client cannot even put into a packet
  unfit: 'a value does not fit into its field: {problem}',
} as const;

export type RefusalId = keyof typeof REFUSALS;

type Slots<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Slots<Rest>
  : never;

/** The error for a row of the table, with its values in place. */
export function impossible<Id extends RefusalId>(
  id: Id,
  values: Readonly<Record<Slots<(typeof REFUSALS)[Id]>, string | number>>,
): ImpossibleInput {
  const given: Refusal['values'] = values;
  const message = REFUSALS[id].replace(/\{(\w+)\}/g, (_, name: string) => String(given[name]));
  return new ImpossibleInput({ id, values, message });
}

/** What an error tells: its own refusal, the one that a client names as its cause, or else that a value is too large. */
export function refusalOf(error: ImpossibleInput | RangeError): Refusal {
  if (error instanceof ImpossibleInput) return error.refusal;
  return (error.cause as Refusal | undefined) ?? impossible('unfit', { problem: error.message }).refusal;
}
