/** Why something cannot be done to a world, by the names that the engine gives its refusals. */
import type { ClientRefusalId, RefusalId } from '../../../broker/index.ts';

export const refusals = {
  noClient: 'There is no client {client}.',
  nameTaken: 'The name {client} is taken already.',
  connected: '{client} is connected already.',
  notConnected: '{client} is not connected.',
  frozen: 'The link of {client} is frozen already.',
  notFrozen: 'The link of {client} is not frozen.',

  expiryOlder: '{client} does not speak MQTT 5.0, and only that has a session expiry interval.',
  propertiesOlder: '{client} does not speak MQTT 5.0, and only that has properties.',
  optionsOlder: '{client} does not speak MQTT 5.0, and only that has options for subscriptions.',

  noPacket: 'There is no packet {number}.',
  packetDelivered: 'Packet {number} has arrived already.',
  packetLost: 'Packet {number} is lost already.',
  packetHeld: 'Packet {number} is held already.',
  packetNotHeld: 'Packet {number} is not held.',
  packetFrozen: 'Packet {number} cannot move: its link is frozen.',
  packetBehind: 'Packet {number} is behind packet {first}, and TCP keeps their order.',
  packetEarly: 'Packet {number} is on its way for another {left}\u00a0ms.',
  packetFirst: 'There is no packet in front of packet {number}.',
  packetStands: 'Packet {number} cannot move.',
  isTcp: 'TCP keeps all packets, each once and in their order.',

  timeBack: 'Time does not go back.',
  timeEndless: 'A wait has an end.',
  worldFull: 'More has happened than a world has room for: {most} packets are the most.',

  notOurs: 'A real broker is not ours to do this with.',
  stranger: '{client} is no client of this page.',
  stepsFull: 'No more steps are written down.',

  unfit: 'A value is larger or longer than there is room for in its packet.',

  'the broker takes no message above QoS': 'The broker takes no message above QoS\u00a0{most}.',
  'the broker retains no messages': 'The broker retains no messages.',
  'the broker takes no topic alias above': 'The broker takes no topic alias above {most}.',
  'the broker takes no packet of more bytes than': 'The broker takes no packet of more than {most} bytes.',
  'above QoS 0 a message needs its topic':
    'Above QoS\u00a00 a message needs its topic: an alias is not enough.',
  'only a broker sends subscription identifiers':
    'Only a broker sends subscription identifiers with a message.',
} as const satisfies Record<RefusalId | ClientRefusalId, string>;
