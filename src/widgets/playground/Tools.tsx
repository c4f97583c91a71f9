/**
 * What can be done with the packet as a whole: take an example, copy it, link to it, put it beside another version, send it. Each
 * says what came of it; the clipboard may be closed to a page.
 */
import { useEffect, useState } from 'preact/hooks';
import { encode, VERSION_NAMES } from '#broker/codec/index.ts';
import type { Dictionary } from '../../i18n/index.ts';
import { fill } from '../../i18n/phrase.ts';
import { bare, example, faultyExamples } from '../packet/examples.ts';
import { otherVersion } from './beside.ts';
import { type Command, commandFor } from './command.ts';
import { FORMATS, type Format, fieldsAsJson } from './copy.ts';
import { toAddress } from './link.ts';
import { frames, type PlaygroundState } from './usePlayground.ts';

/** How long a button says that something is done. */
const SAID_FOR = 2000;

interface Props {
  words: Dictionary['playground'];
  playground: PlaygroundState;
  isReady: boolean;
  isPasting: boolean;
  isBeside: boolean;
  onPaste(): void;
  onBeside(): void;
  onSend(): void;
}

export function Tools(props: Props) {
  const { words, playground, isReady, isPasting, isBeside, onPaste, onBeside, onSend } = props;
  const { tools } = words;
  const [said, say] = useState<string>();
  useEffect(() => {
    if (said === undefined) return;
    const timer = setTimeout(() => say(undefined), SAID_FOR);
    return () => clearTimeout(timer);
  }, [said]);
  const copy = (text: string, done: string): Promise<void> =>
    navigator.clipboard.writeText(text).then(
      () => say(done),
      () => say(tools.failed),
    );
  return (
    <div class="pg-tools">
      <span class="lab" role="status">
        {said}
      </span>
      <Examples {...props} />
      <CopyAs {...props} onCopy={(text) => void copy(text, tools.copied)} />
      <button
        type="button"
        class="btn s q"
        disabled={!isReady}
        onClick={async () => {
          const hash = await link(playground);
          if (hash === undefined) return say(tools.linkTooLong);
          const address = new URL(location.href);
          address.hash = hash;
          history.replaceState(history.state, '', address);
          await copy(address.href, tools.linked);
        }}
      >
        {tools.link}
      </button>
      <button type="button" class="btn s" disabled={!isReady} aria-pressed={isBeside} onClick={onBeside}>
        {fill(tools.beside, { version: VERSION_NAMES[otherVersion(playground.version)] })}
      </button>
      <button type="button" class="btn s" disabled={!isReady} aria-expanded={isPasting} onClick={onPaste}>
        {tools.paste}
      </button>
      <button type="button" class="btn s go" disabled={!isReady} onClick={onSend}>
        {tools.send}
      </button>
    </div>
  );
}

function link(playground: PlaygroundState): Promise<string | undefined> {
  const all = frames(playground);
  const bytes = new Uint8Array(all.reduce((length, frame) => length + frame.length, 0));
  let at = 0;
  for (const frame of all) {
    bytes.set(frame, at);
    at += frame.length;
  }
  return toAddress({ version: playground.version, bytes, open: playground.series?.open ?? 0 });
}

function Examples({ words: { tools }, playground: { version, draft, open, write }, isReady }: Props) {
  const { type } = draft.packet;
  const faulty = faultyExamples(type, version);
  const take = (name: string): void => {
    if (name === 'whole') return write(example(type, version), version);
    if (name === 'bare') return write(bare(type, version), version);
    const chosen = faulty[Number(name)];
    if (chosen) open(chosen.bytes, version);
  };
  return (
    <Menu label={tools.example} isReady={isReady} onChoose={take}>
      <option value="whole">{tools.whole}</option>
      <option value="bare">{tools.bare}</option>
      <optgroup label={tools.faulty}>
        {faulty.map(({ fault }, index) => (
          <option key={fault.id} value={`${index}`}>
            {fault.message}
          </option>
        ))}
      </optgroup>
    </Menu>
  );
}

/** Formats that bytes as such can be copied in. */
const BYTES = ['hex', 'c', 'rust', 'python', 'json'] as const satisfies Format[];

function CopyAs({ words: { tools }, playground, isReady, onCopy }: Props & { onCopy(text: string): void }) {
  const { bytes, draft, version } = playground;
  const command = commandOf(playground);
  const take = (name: string): void => {
    if (name === 'command') return onCopy(command?.line ?? '');
    if (name === 'fields') return onCopy(fieldsAsJson(draft.packet, version));
    onCopy(FORMATS[name as (typeof BYTES)[number]](bytes));
  };
  return (
    <Menu label={tools.copy} isReady={isReady} onChoose={take}>
      {BYTES.map((format) => (
        <option key={format} value={format}>
          {tools.formats[format]}
        </option>
      ))}
      <option value="fields">{tools.formats.fields}</option>
      {command && <option value="command">{tools.formats.command}</option>}
    </Menu>
  );
}

/** Text of a command line is no longer than this. */
const LONGEST_COMMAND = 4096;

/** The command for what is shown, with the CONNECT that is among the packets. */
export function commandOf(playground: PlaygroundState): Command | undefined {
  const { draft, version, bytes, widget, connect } = playground;
  const isWhole = widget.opened.dissection.packet !== undefined && bytes.length <= LONGEST_COMMAND;
  if (!isWhole || encode(draft.packet, version).length !== bytes.length) return undefined;
  return commandFor(draft.packet, version, connect);
}

/** A list to choose from, under a name that stays. */
function Menu({
  label,
  isReady,
  onChoose,
  children,
}: {
  label: string;
  isReady: boolean;
  onChoose(value: string): void;
  children: preact.ComponentChildren;
}) {
  return (
    <select
      class="field sm add"
      aria-label={label}
      disabled={!isReady}
      value=""
      onChange={(event) => {
        onChoose(event.currentTarget.value);
        event.currentTarget.value = '';
      }}
    >
      <option value="" disabled hidden>
        {label}
      </option>
      {children}
    </select>
  );
}
