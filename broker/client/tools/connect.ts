// How the CONNECT of a tool is filled, from its settings. Knows what libmosquitto adds of its own.
import { type Properties, utf8, type Version, type Will } from '../../codec/index.ts';
import type { ClientSettings } from '../client.ts';
import type { ToolHost } from './host.ts';
import type { ToolSettings } from './settings.ts';

/** The characters of an identifier that MQTT 3.1 wants and nobody gave. */
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** How many messages at QoS 1 and 2 are taken at a time, unless fewer are wanted in all. */
const RECEIVE_MAXIMUM = 20;

/** Those of 5.0 always say how much they take at a time, as libmosquitto does. */
export function connectSettings(settings: ToolSettings, host: ToolHost): ClientSettings {
  const { version, cleanStart, keepAlive, username, password, will, properties, count, idPrefix } = settings;
  return {
    clientId:
      idPrefix === undefined ? (settings.clientId ?? idFor(version, host)) : `${idPrefix}${host.processId}`,
    version,
    cleanStart,
    keepAlive,
    username,
    password: password === undefined ? undefined : utf8(password),
    will: willOf(will, properties.will),
    properties: version === 5 ? withReceiveMaximum(properties.connect, count) : undefined,
  };
}

function withReceiveMaximum(properties: Properties, count = RECEIVE_MAXIMUM): Properties {
  return { ...properties, receiveMaximum: properties.receiveMaximum ?? Math.min(count, RECEIVE_MAXIMUM) };
}

function willOf(
  { topic, payload = '', qos, retain }: ToolSettings['will'],
  properties: Properties,
): Will | undefined {
  if (topic === undefined) return undefined;
  const hasProperties = Object.keys(properties).length > 0;
  return { topic, payload: utf8(payload), qos, retain, ...(hasProperties && { properties }) };
}

/** From 3.1.1 on, the broker chooses an identifier for those that have none. */
function idFor(version: Version, host: ToolHost): string {
  if (version !== 3) return '';
  const letters = Array.from({ length: 18 }, () => LETTERS[Math.floor(host.random() * LETTERS.length)]);
  return `mosq-${letters.join('')}`;
}
