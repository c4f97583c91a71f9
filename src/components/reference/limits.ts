/** The limits that the protocol sets, as numbers. What each is of stands in the dictionary. */

/** The highest number that each of the wire's number types can hold. */
export const HIGHEST = { uint16: 0xffff, uint32: 0xffff_ffff, varint: 0x0fff_ffff } as const;

/** The longest packet: a Remaining Length of four bytes behind the first byte, and what it counts. */
const PACKET = 1 + 4 + HIGHEST.varint;

/** Source: 5.0, sections 1.5 and 2.2.1 and those of the properties; 3.1.1, the same for what it has. */
// biome-ignore format: a table, a row to each line
export const LIMITS = [
  { key: 'remainingLength', least: 0, most: HIGHEST.varint },
  { key: 'packet', least: 2, most: PACKET },
  { key: 'text', least: 0, most: HIGHEST.uint16 },
  { key: 'topic', least: 1, most: HIGHEST.uint16, v3: 'MQTT-4.7.3-3', v5: 'MQTT-4.7.3-3' },
  { key: 'clientId', least: 1, most: 23, v3: 'MQTT-3.1.3-5', v5: 'MQTT-3.1.3-5' },
  { key: 'packetId', least: 1, most: HIGHEST.uint16, v3: 'MQTT-2.3.1-1', v5: 'MQTT-2.2.1-3' },
  { key: 'qos', least: 0, most: 2, v3: 'MQTT-3.3.1-4', v5: 'MQTT-3.3.1-4' },
  { key: 'keepAlive', least: 0, most: HIGHEST.uint16, v3: 'MQTT-3.1.2-24', v5: 'MQTT-3.1.2-22' },
  { key: 'expiry', least: 0, most: HIGHEST.uint32, v5: 'MQTT-3.1.2-23' },
  { key: 'messageExpiry', least: 0, most: HIGHEST.uint32, v5: 'MQTT-3.3.2-5' },
  { key: 'receiveMaximum', least: 1, most: HIGHEST.uint16, v5: 'MQTT-4.9.0-1' },
  { key: 'topicAlias', least: 1, most: HIGHEST.uint16, v5: 'MQTT-3.3.2-8' },
  { key: 'subscriptionIdentifier', least: 1, most: HIGHEST.varint, v5: 'MQTT-3.3.4-3' },
  { key: 'maximumPacketSize', least: 1, most: HIGHEST.uint32, v5: 'MQTT-3.1.2-24' },
] as const;

/** A number with thin gaps between its thousands: `268 435 455`. */
export function grouped(number: number): string {
  return String(number).replace(/\B(?=(\d{3})+$)/g, '\u202f');
}
