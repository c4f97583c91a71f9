// The text of `--help`, drawn from the table of options. Knows how it is set; the words for each option stand in the table.

import { NOWHERE, type Tool } from './host.ts';
import { isFor, OPTIONS, type Option, PROPERTY_OPTION } from './options.ts';

const PURPOSES: Readonly<Record<Tool, string>> = {
  pub: 'publishes one message on a topic, or each line of its input, and ends.',
  sub: 'subscribes to topics, and prints the messages that come.',
  rr: 'publishes a request, waits for the response and prints it.',
};

const USAGES: Readonly<Record<Tool, string>> = {
  pub: '{-t topic | -L url} {-m message | -f file | -l | -n | -s} [option...]',
  sub: '{-t topic | -L url} [-t topic...] [option...]',
  rr: '{-t topic | -L url} -e response-topic\n                    {-m message | -f file | -n | -s} [option...]',
};

/** How wide a line is, and where the words for an option begin. */
const WIDTH = 96;
const MARGIN = 6;

/** What `--version` prints. */
export function versionLine(tool: Tool): string {
  return `mosquitto_${tool} of Glass Broker, after version 2.0.11 of Mosquitto.\n`;
}

/** What `--help` prints. */
export function help(tool: Tool): string {
  const options = [...OPTIONS.filter((option) => isFor(option, tool)), PROPERTY_OPTION, HELP, VERSION];
  return [
    `mosquitto_${tool} ${PURPOSES[tool]}\n${versionLine(tool)}`,
    `Usage: mosquitto_${tool} ${USAGES[tool]}\n`,
    ...options.map(paragraph),
    '',
  ].join('\n');
}

type Told = Pick<Option, 'short' | 'long' | 'value' | 'needs' | 'help'>;

const HELP: Told = { long: '--help', help: 'print this' };
const VERSION: Told = { long: '--version', help: 'print which tool this is' };

function paragraph({ short, long, value, needs, help: words }: Told): string {
  const names = [short, long].filter((name) => name !== undefined).join(', ');
  const text = needs && NOWHERE.includes(needs) ? `${words}: not to be had` : words;
  return ` ${names}${value === undefined ? '' : ` ${value}`}\n${folded(text)}`;
}

/** Breaks words into lines, set in from the margin. */
function folded(text: string): string {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last === undefined || last.length + word.length >= WIDTH - MARGIN) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines.map((line) => ' '.repeat(MARGIN) + line).join('\n');
}
