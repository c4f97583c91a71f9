/**
 * The form: every field of the packet that can be chosen, under the part that it stands in, with what is wrong with it beside
 * it. Each change hands on the packet that it makes; what comes of that, the playground decides.
 */
import { useState } from 'preact/hooks';
import {
  type Fault,
  type Packet,
  PROPERTIES,
  type PropertyKey,
  type PropertyOwner,
  VERSION_NAMES,
  type Version,
} from '#broker/codec/index.ts';
import type { Dictionary } from '../../i18n/index.ts';
import { fill, plural } from '../../i18n/phrase.ts';
import { strokeOf } from '../../styles/parts.ts';
import { hexByte } from '../packet/hex.ts';
import { StatementRef } from '../packet/StatementRef.tsx';
import type { PacketWords } from '../packet/say.ts';
import { ControlField } from './ControlField.tsx';
import type { Draft } from './draft.ts';
import { addable, addProperty, type Control, formOf, type Section } from './form.ts';

export interface FormProps {
  words: Dictionary['playground'];
  packetWords: PacketWords;
  lang: string;
  draft: Draft;
  version: Version;
  faults: ReadonlyMap<string, Fault>;
  /** What is counted, not chosen. */
  remainingLength: number | undefined;
  /** The byte at which reading ends, where it does. */
  unreadFrom: number | undefined;
  /** The key that is lit. */
  lit: string | undefined;
  isReady: boolean;
  /** Another packet; `key` is what was changed. */
  onChange(packet: Packet, key: string): void;
  onHover(key: string | undefined): void;
  /** A field has the focus now, or none. */
  onFocus(key: string | undefined): void;
}

/** Longer lists are cut off until more is asked for. */
const MOST = 60;

export function Form(props: FormProps) {
  const { words, draft, version, unreadFrom, onHover, onFocus } = props;
  const { form } = words;
  const sections = formOf(draft.packet, version);
  const hasOwnHeader = sections.some(({ key }) => key === 'fixedHeader');
  return (
    <form
      class="pg-form"
      aria-label={form.heading}
      onSubmit={(event) => event.preventDefault()}
      onPointerOver={(event) => event.pointerType === 'mouse' && onHover(keyOf(event))}
      onPointerLeave={() => onHover(undefined)}
      onFocusIn={(event) => onFocus(keyOf(event))}
      onFocusOut={({ currentTarget, relatedTarget }) => {
        if (!currentTarget.contains(relatedTarget as Element | null)) onFocus(undefined);
      }}
    >
      {draft.read !== undefined && unreadFrom !== undefined && (
        <p class="lab">{fill(form.unread, { offset: unreadFrom })}</p>
      )}
      {!hasOwnHeader && <Group {...props} section={{ key: 'fixedHeader', part: 'fixed', controls: [] }} />}
      {sections.map((section) => (
        <Group key={section.key} {...props} section={section} />
      ))}
      {sections.length === 0 && <p class="lab">{nothing(draft.packet, version, words)}</p>}
    </form>
  );
}

function keyOf({ target }: Event): string | undefined {
  return (target as Element).closest<HTMLElement>('[data-key]')?.dataset.key;
}

function nothing({ type }: Packet, version: Version, { form }: FormProps['words']): string {
  return type === 'auth'
    ? fill(form.none as string, { version: VERSION_NAMES[version], name: type.toUpperCase() })
    : form.empty;
}

function Group(props: FormProps & { section: Section }) {
  const { words, packetWords, lang, section, faults, draft, version, remainingLength, isReady, onChange } =
    props;
  const { form } = words;
  const [most, setMost] = useState(MOST);
  const { key, part, controls, addition, owner } = section;
  const { letters, name } = packetWords.packet.parts[part];
  const fault = key === 'payload' ? faults.get('payload') : undefined;
  return (
    <fieldset class={`grp ${strokeOf(part)}`} disabled={!isReady}>
      <legend>
        <span class="pt" aria-hidden="true">
          {letters}
        </span>
        {key === 'willProperties' ? form.will : name}
      </legend>
      {controls.slice(0, most).map((control) => (
        <Line key={control.key} {...props} control={control} />
      ))}
      {controls.length > most && (
        <button type="button" class="lk" onClick={() => setMost(most + 4 * MOST)}>
          {plural(form.more, controls.length - most, lang)}
        </button>
      )}
      {key === 'fixedHeader' && (
        <div class="ln" data-key="remainingLength">
          <span>{form.remainingLength}</span>
          <span class="m">
            {remainingLength}
            <span class="lab">{form.counted}</span>
          </span>
        </div>
      )}
      {fault && <FaultLine fault={fault} version={version} packetWords={packetWords} />}
      {addition && (
        <button
          type="button"
          class="btn s q"
          onClick={() => onChange(addition.add(), `add ${addition.what} ${controls.length}`)}
        >
          {form.add[addition.what]}
        </button>
      )}
      {owner && (
        <AddProperty
          words={words}
          packet={draft.packet}
          owner={owner}
          onAdd={(added) =>
            onChange(addProperty(draft.packet, owner, added), `add ${added} ${controls.length}`)
          }
        />
      )}
    </fieldset>
  );
}

function Line(props: FormProps & { control: Control }) {
  const { words, packetWords, lang, control, draft, faults, lit, version, onChange } = props;
  const { key, name, id, without } = control;
  const fault = faults.get(key);
  const isUnread = draft.read !== undefined && !draft.read.has(key);
  const classes = [
    'ln',
    ...(control.kind === 'pair' || control.kind === 'bytes' ? ['tall'] : []),
    ...(lit === key ? ['lit'] : []),
    ...(fault ? ['err'] : []),
    ...(isUnread ? ['unread'] : []),
  ];
  return (
    <div class={classes.join(' ')} data-key={key}>
      <ControlField
        words={words}
        packetWords={packetWords}
        lang={lang}
        control={control}
        label={
          <>
            {id !== undefined && <span class="m lab">{hexByte(id)} </span>}
            {name}
            {isUnread && <span class="lab"> {words.form.notRead}</span>}
          </>
        }
        isFaulty={fault !== undefined}
        onChange={(packet) => onChange(packet, key)}
      />
      {without && (
        <button
          type="button"
          class="btn s q out"
          aria-label={fill(words.form.takeOut, { name })}
          title={fill(words.form.takeOut, { name })}
          onClick={() => onChange(without(), `out ${key}`)}
        >
          <svg class="i" viewBox="0 0 16 16" aria-hidden="true">
            <path d="M4 4l8 8M12 4l-8 8" />
          </svg>
        </button>
      )}
      {fault && <FaultLine fault={fault} version={version} packetWords={packetWords} />}
    </div>
  );
}

function FaultLine({
  fault,
  version,
  packetWords,
}: {
  fault: Fault;
  version: Version;
  packetWords: PacketWords;
}) {
  return (
    <p class="wrong">
      {fault.message}{' '}
      {fault.rule && <StatementRef id={fault.rule} version={version} words={packetWords.packet.statement} />}
    </p>
  );
}

/** All twenty-seven, those that may not stand here too. */
function AddProperty({
  words: { form },
  packet,
  owner,
  onAdd,
}: {
  words: FormProps['words'];
  packet: Packet;
  owner: PropertyOwner;
  onAdd(key: PropertyKey): void;
}) {
  const { allowed, forbidden } = addable(packet, owner);
  return (
    <select
      class="field sm add"
      aria-label={form.addProperty}
      value=""
      onChange={(event) => {
        onAdd(event.currentTarget.value as PropertyKey);
        event.currentTarget.value = '';
      }}
    >
      <option value="" disabled hidden>
        {form.addProperty}
      </option>
      <optgroup label={form.allowed}>
        {allowed.map((key) => (
          <PropertyOption key={key} property={key} />
        ))}
      </optgroup>
      <optgroup label={form.forbidden}>
        {forbidden.map((key) => (
          <PropertyOption key={key} property={key} />
        ))}
      </optgroup>
    </select>
  );
}

function PropertyOption({ property }: { property: PropertyKey }) {
  const row = PROPERTIES.find(({ key }) => key === property);
  return row ? <option value={property}>{`${hexByte(row.id)} ${row.name}`}</option> : null;
}
