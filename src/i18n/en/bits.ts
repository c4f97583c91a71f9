/** English words of the byte of switches, and of the other widgets of lesson 4. */
import type { PacketType } from '#broker/codec/index.ts';

/** What each type of packet is for, and who sends it. */
const types = {
  connect: 'A client asks to be let in. It is the first packet of every connection.',
  connack: 'The broker says whether the client is let in.',
  publish: 'A message, from a client to the broker or from the broker to a client.',
  puback: 'The receiver has a message of QoS\u00a01.',
  pubrec: 'The receiver has a message of QoS\u00a02: the first answer.',
  pubrel: 'The sender of a message of QoS\u00a02 lets its identifier go: the second packet of the sender.',
  pubcomp: 'The receiver has let it go as well: the last packet of QoS\u00a02.',
  subscribe: 'A client asks for the messages of some topics.',
  suback: 'The broker says which QoS it grants for each topic filter.',
  unsubscribe: 'A client no longer wants the messages of some topics.',
  unsuback: 'The broker has ended the subscriptions.',
  pingreq: 'A client with nothing to say shows that it is still there.',
  pingresp: 'The broker shows the same.',
  disconnect: 'The connection ends on purpose. In 3.1.1 only clients send it.',
  auth: 'Both ends prove who they are, in as many steps as it takes.',
} as const satisfies Record<PacketType, string>;

export const bits = {
  label: 'First byte {hex}: {name}',
  heading: 'Bits of the first byte',
  reserved: 'no packet',
  version: 'Version',
  shortest: 'the shortest packet that begins so',
  flip: 'first byte, press a bit to turn it over',
  type: 'First byte, two hexadecimal digits',
  bit: 'bit {bit}, {value}, {field}',
  flags: 'flags',
  fixed: 'The flags of {name} are always {flags}.',
  again: 'sent again',
  retained: 'retained',
  first: 'sent for the first time',
  notRetained: 'not retained',
  would: 'Bit {bit} would make it {name}.',
  wouldFault: 'Bit {bit} would be a fault. {fault}',
  wouldFlags: 'Bit {bit} would keep it {name}: {facts}.',
  facts: 'QoS\u00a0{qos}, {retain}, {dup}',
  types,
  map: {
    heading: 'All first bytes: a row for each type, a column for the flags from 0 to F',
    caption: 'type \\ flags',
    cell: '{hex}, {name}, flags {flags}, {standing}',
    count: '{count} of 256 first bytes may be sent.',
    standings: { allowed: 'may be sent', forbidden: 'can be read, may not be sent', malformed: 'malformed' },
  },
  predict: {
    question:
      'p1 sends a SUBSCRIBE whose first byte is 80 instead of 82. One bit is different. What does the broker do?',
    options: [
      'It subscribes p1: the type is still 8.',
      'It answers with a SUBACK that refuses.',
      'It closes the connection.',
    ],
  },
  goal: {
    title: 'the first byte of a message that comes again',
    task: 'p1 has published with {command}, and the connection broke before an answer came. It reconnects to its session and sends the message again. Set the first byte of that PUBLISH.',
    command: 'mosquitto_pub -q 2 -r',
    checks: {
      packetType: 'The type is {wanted}',
      dup: 'DUP flag {wanted}',
      qos: 'QoS level {wanted}',
      retain: 'RETAIN {wanted}',
    },
    found: 'now {found}',
    none: 'not there',
    hints: [
      'PUBLISH is type 3, so the upper half of the byte is 0011.',
      'The flags are DUP, two bits of QoS, RETAIN. QoS\u00a02 is 10 in binary.',
      'What is sent again has DUP\u00a01, and RETAIN stays as it was: 1.',
    ],
  },
  exercise: {
    task: 'Three packets of MQTT 3.1.1 have lost their first bytes. Write them.',
    packet: 'Packet {number}: {what}',
    publish: 'PUBLISH, QoS\u00a0{qos}, {retain}, {dup}',
    right: 'The decoder reads {packets}.',
    blank: 'The first byte of packet {number} is still blank.',
    fault: 'Packet {number}: {message}',
    type: 'Packet {number} would be {found}, not {wanted}.',
    flag: 'Packet {number}: {what} is {found}, not {wanted}.',
    nothing: 'no packet',
    names: { packetType: 'type', dup: 'DUP flag', qos: 'QoS level', retain: 'RETAIN' },
  },
} as const;
