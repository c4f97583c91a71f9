// JSON as cJSON writes it: what `%j` and `%J` print. Knows texts of JSON whose characters stand for bytes; knows no message.

/** A word, a sign or a string of JSON; between them there is only white space. */
const TOKEN = /\{\}|"(?:[^"\\]|\\.)*"|[[\]{}:,]|[^\s"[\]{}:,]+/gs;

/** Writes an object. In: its members in order, values in JSON. */
export function object(members: readonly (readonly [key: string, value: string])[]): string {
  return `{${members.map(([key, value]) => `${string(key)}:${value}`).join(',')}}`;
}

/** Writes a string. */
export function string(characters: string): string {
  return JSON.stringify(characters);
}

/**
 * Writes a text of JSON anew: without white space, or over several lines.
 * @param encode makes characters of the text of a string
 */
export function normalise(json: string, encode: (text: string) => string): string {
  return (json.match(TOKEN) ?? []).map((token) => word(token, encode)).join('');
}

function word(token: string, encode: (text: string) => string): string {
  if (token.startsWith('"')) return encode(JSON.stringify(JSON.parse(token)));
  return /^[-\d]/.test(token) ? number(Number(token)) : token;
}

/** A number as C's `%g` writes it, with 15 digits or, where they do not suffice, 17. */
function number(value: number): string {
  const short = value.toPrecision(15);
  const digits = Number(short) === value ? 15 : 17;
  const [mantissa = '', exponent = '0'] = value.toExponential(digits - 1).split('e');
  const power = Number(exponent);
  if (power >= -4 && power < digits) return trimmed(value.toFixed(Math.max(0, digits - 1 - power)));
  return `${trimmed(mantissa)}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
}

function trimmed(decimal: string): string {
  return decimal.includes('.') ? decimal.replace(/\.?0+$/, '') : decimal;
}

/** Spreads a text of JSON without white space over lines: a member to each, arrays in one. */
export function spread(json: string): string {
  const open: string[] = [];
  const indent = (depth: number) => '\t'.repeat(depth);
  const write = (token: string): string => {
    switch (token) {
      case '{}':
        return `{\n${indent(open.length)}}`;
      case '{':
        open.push(token);
        return `{\n${indent(open.length)}`;
      case '[':
        open.push(token);
        return token;
      case '}':
        open.pop();
        return `\n${indent(open.length)}}`;
      case ']':
        open.pop();
        return token;
      case ':':
        return ':\t';
      case ',':
        return open.at(-1) === '{' ? `,\n${indent(open.length)}` : ', ';
      default:
        return token;
    }
  };
  return (json.match(TOKEN) ?? []).map(write).join('');
}
