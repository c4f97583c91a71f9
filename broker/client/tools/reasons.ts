// What libmosquitto calls what goes wrong, and the numbers by which its tools end. Knows tables alone.
import { REASON, REASONS, type Version } from '../../codec/index.ts';

interface ToolError {
  readonly code: number;
  readonly text: string;
}

/** Why a tool ends, and its exit code; `unreachable` is the tools' own, not the library's. */
export const ERROR = {
  protocol: { code: 2, text: 'A network protocol error occurred when communicating with the broker.' },
  invalid: { code: 3, text: 'Invalid function arguments provided.' },
  refused: { code: 5, text: 'The connection was refused.' },
  lost: { code: 7, text: 'The connection was lost.' },
  duplicateProperty: { code: 22, text: 'Duplicate property in property list' },
  timeout: { code: 27, text: 'Timed out' },
} as const satisfies Record<string, ToolError>;

/** What CONNACK says before MQTT 5.0, by its code. */
const CONNACK = [
  'Connection Accepted.',
  'Connection Refused: unacceptable protocol version.',
  'Connection Refused: identifier rejected.',
  'Connection Refused: broker unavailable.',
  'Connection Refused: bad user name or password.',
  'Connection Refused: not authorised.',
];

function connackText(code: number): string {
  return CONNACK[code] ?? 'Connection Refused: unknown reason.';
}

/** The name of a reason code; of those with several, the first. */
export function reasonText(code: number): string {
  return TEXTS.get(code) ?? 'Unknown reason';
}

const TEXTS: ReadonlyMap<number, string> = new Map(
  Object.values(REASONS)
    .reverse()
    // The library writes this one in its own way.
    .map(({ code, name }) => [code, name.replace('Subscription Id', 'Subscription id')]),
);

/** The words for a refused connection that mosquitto_pub and mosquitto_sub have. */
export function refusalText(version: Version, code: number): string {
  if (version !== 5) return connackText(code);
  const hint = '. Try connecting to an MQTT v5 broker, or use MQTT v3.x mode.';
  return `${reasonText(code)}${code === REASON.UnsupportedProtocolVersion ? hint : ''}`;
}
