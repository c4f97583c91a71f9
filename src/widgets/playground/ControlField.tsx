/**
 * One thing to be chosen, as the control that suits it. A text that makes no value stays where it is typed, with the reason
 * beside it; the caret stays too, whatever else follows the change.
 */
import type { ComponentChildren } from 'preact';
import { useId, useState } from 'preact/hooks';
import {
  CONNECT_RETURN_CODES,
  type Packet,
  REASONS,
  type ReasonOwner,
  reasonName,
} from '#broker/codec/index.ts';
import type { Dictionary } from '../../i18n/index.ts';
import { fill, plural } from '../../i18n/phrase.ts';
import type { Refusal } from '../packet/field.ts';
import { hexByte, hexBytes } from '../packet/hex.ts';
import type { PacketWords } from '../packet/say.ts';
import { save } from '../save.ts';
import type { Control } from './form.ts';
import { bytesAs, isText, numbers, TEXTS, type Writing } from './typed.ts';

type Words = Dictionary['playground'];

interface Props<Of extends Control = Control> {
  words: Words;
  packetWords: PacketWords;
  lang: string;
  control: Of;
  label: ComponentChildren;
  isFaulty: boolean;
  onChange(packet: Packet): void;
}

type Of<Kind extends Control['kind']> = Props<Extract<Control, { kind: Kind }>>;

export function ControlField({ control, ...rest }: Props) {
  switch (control.kind) {
    case 'flag':
      return <FlagField {...rest} control={control} />;
    case 'choice':
      return <ChoiceField {...rest} control={control} />;
    case 'code':
      return <CodeField {...rest} control={control} />;
    case 'number':
      return (
        <TypedField
          {...rest}
          value={control.value}
          writing={numbers(control.max)}
          isNumber
          onValue={(value) => rest.onChange(control.set(value))}
        />
      );
    case 'text':
      return (
        <TypedField
          {...rest}
          value={control.value}
          writing={TEXTS}
          onValue={(value) => rest.onChange(control.set(value))}
        />
      );
    case 'pair':
      return <PairField {...rest} control={control} />;
    case 'bytes':
      return <BytesField {...rest} control={control} />;
    default:
      return control satisfies never;
  }
}

function FlagField({ control, label, onChange }: Of<'flag'>) {
  const id = useId();
  return (
    <>
      <label for={id}>{label}</label>
      <span class="chk">
        <input
          id={id}
          type="checkbox"
          checked={control.value}
          onChange={(event) => onChange(control.set(event.currentTarget.checked))}
        />
      </span>
    </>
  );
}

function ChoiceField({ control, label, onChange }: Of<'choice'>) {
  const id = useId();
  return (
    <>
      <span id={`${id}-label`}>{label}</span>
      <span class="seg" role="radiogroup" aria-labelledby={`${id}-label`}>
        {Array.from({ length: control.count }, (_, value) => (
          <label key={value}>
            <input
              type="radio"
              class="vh-hide"
              name={id}
              checked={control.value === value}
              onChange={() => onChange(control.set(value))}
            />
            {value}
          </label>
        ))}
      </span>
    </>
  );
}

interface Code {
  code: number;
  name: string;
}

/** The codes that a packet may carry, and all others that have a name. */
function codesOf(owner: ReasonOwner | undefined): { allowed: Code[]; forbidden: Code[] } {
  if (owner === undefined)
    return { allowed: CONNECT_RETURN_CODES.map((name, code) => ({ code, name })), forbidden: [] };
  const named = [...new Set(Object.values(REASONS).map(({ code }) => code))].sort((a, b) => a - b);
  const allowed = named.flatMap((code) => {
    const name = reasonName(owner, code);
    return name === undefined ? [] : [{ code, name }];
  });
  const forbidden = named
    .filter((code) => reasonName(owner, code) === undefined)
    .map((code) => ({ code, name: Object.values(REASONS).find((row) => row.code === code)?.name ?? '' }));
  return { allowed, forbidden };
}

function CodeField({ words: { form }, control, label, isFaulty, onChange }: Of<'code'>) {
  const id = useId();
  const { allowed, forbidden } = codesOf(control.owner);
  const isNamed = [...allowed, ...forbidden].some(({ code }) => code === control.value);
  const option = ({ code, name }: Code) => (
    <option key={code} value={code}>
      {fill(form.code as string, { code: hexByte(code), name })}
    </option>
  );
  return (
    <>
      <label for={id}>{label}</label>
      <select
        id={id}
        class="field sm"
        value={control.value}
        aria-invalid={isFaulty}
        onChange={(event) => onChange(control.set(Number(event.currentTarget.value)))}
      >
        {!isNamed && (
          <option value={control.value}>{fill(form.codes.unknown, { code: hexByte(control.value) })}</option>
        )}
        <optgroup label={form.codes.allowed}>{allowed.map(option)}</optgroup>
        {forbidden.length > 0 && <optgroup label={form.codes.forbidden}>{forbidden.map(option)}</optgroup>}
      </select>
    </>
  );
}

interface Typing<Value> {
  text: string;
  /** The value that was there when this was typed. */
  of: Value;
}

/** What stands in a field: what was typed, as long as it stands for the value or for none; or else the value. */
function shown<Value>({ text, of }: Typing<Value>, value: Value, writing: Writing<Value>): string {
  const result = writing.read(text);
  const isValid = 'value' in result ? writing.isSame(result.value, value) : writing.isSame(of, value);
  return isValid ? text : writing.write(value);
}

interface TypedProps<Value> {
  packetWords: PacketWords;
  label: ComponentChildren;
  /** The label, where it is not to be seen. */
  ariaLabel?: string;
  value: Value;
  writing: Writing<Value>;
  isNumber?: boolean;
  isLong?: boolean;
  isFaulty: boolean;
  onValue(value: Value): void;
}

function TypedField<Value>(props: TypedProps<Value>) {
  const {
    packetWords,
    label,
    ariaLabel,
    value,
    writing,
    isNumber,
    isLong = false,
    isFaulty,
    onValue,
  } = props;
  const id = useId();
  const [typing, setTyping] = useState<Typing<Value>>(() => ({ text: writing.write(value), of: value }));
  const text = shown(typing, value, writing);
  const result = writing.read(text);
  const take = (changed: string): void => {
    setTyping({ text: changed, of: value });
    const read = writing.read(changed);
    if ('value' in read) onValue(read.value);
  };
  const common = {
    id,
    value: text,
    'aria-label': ariaLabel,
    'aria-invalid': isFaulty || 'kind' in result,
    autocomplete: 'off',
    spellcheck: false,
    onInput: (event: { currentTarget: { value: string } }) => take(event.currentTarget.value),
    onBlur: () => setTyping({ text: writing.write(value), of: value }),
  } as const;
  return (
    <>
      {label && <label for={id}>{label}</label>}
      {isLong || (typeof value === 'string' && /[\r\n]/.test(text)) ? (
        <textarea class="field sm" rows={Math.min(8, text.split('\n').length)} {...common} />
      ) : (
        <input class="field sm" inputMode={isNumber ? 'numeric' : undefined} {...common} />
      )}
      {'kind' in result && <Refused refusal={result} packetWords={packetWords} />}
    </>
  );
}

function Refused({ refusal, packetWords }: { refusal: Refusal; packetWords: PacketWords }) {
  return (
    <p class="wrong" role="alert">
      {fill(packetWords.packet.refused[refusal.kind] as string, { ...refusal })}
    </p>
  );
}

function PairField({ words: { form }, packetWords, control, label, isFaulty, onChange }: Of<'pair'>) {
  const [name, value] = control.value;
  const common = { packetWords, label: undefined, writing: TEXTS, isFaulty };
  return (
    <>
      <span>{label}</span>
      <TypedField
        {...common}
        ariaLabel={fill(form.pairName, { name: control.name })}
        value={name}
        onValue={(changed) => onChange(control.set([changed, value]))}
      />
      <TypedField
        {...common}
        ariaLabel={fill(form.pairValue, { name: control.name })}
        value={value}
        onValue={(changed) => onChange(control.set([name, changed]))}
      />
    </>
  );
}

/** Longer values are shown by their beginning, and changed through files. */
const MAX_TYPED = 16_384;
const SHOWN = 96;

type Form = 'text' | 'hex' | 'json';

function BytesField(props: Of<'bytes'>) {
  const { words, lang, control, label } = props;
  const { value } = control;
  if (value.length <= MAX_TYPED) return <ShortBytes {...props} />;
  const first = value.subarray(0, SHOWN);
  return (
    <>
      <span>{label}</span>
      <div class="long">
        <p class="lab">{plural(words.form.long, value.length, lang)}</p>
        <p>
          {words.form.begins} <span class="m">{hexBytes(first.subarray(0, SHOWN / 4))} …</span>
        </p>
        <Files {...props} />
      </div>
    </>
  );
}

function ShortBytes(props: Of<'bytes'>) {
  const { words, packetWords, control, label, isFaulty, onChange } = props;
  const { value, isCounted } = control;
  const [chosen, choose] = useState<Form>();
  const canText = isText(value);
  const form = canText ? (chosen ?? 'text') : 'hex';
  const id = useId();
  const forms: Form[] = isCounted ? ['text', 'hex'] : ['text', 'hex', 'json'];
  return (
    <>
      <TypedField
        key={form}
        packetWords={packetWords}
        label={label}
        value={value}
        writing={bytesAs(form === 'hex' ? 'hex' : 'text', isCounted)}
        isLong
        isFaulty={isFaulty}
        onValue={(changed) => onChange(control.set(changed))}
      />
      <div class="as">
        <span class="seg" role="radiogroup" aria-label={fill(words.form.as, { name: control.name })}>
          {forms.map((each) => (
            <label key={each}>
              <input
                type="radio"
                class="vh-hide"
                name={id}
                checked={form === each}
                disabled={each !== 'hex' && !canText}
                onChange={() => choose(each)}
              />
              {words.form.kinds[each]}
            </label>
          ))}
        </span>
        {!isCounted && <Files {...props} />}
      </div>
      {form === 'json' && <p class="lab">{jsonNote(value, words)}</p>}
    </>
  );
}

function jsonNote(bytes: Uint8Array, { form }: Words): string {
  try {
    JSON.parse(new TextDecoder().decode(bytes));
    return form.isJson;
  } catch (error) {
    return fill(form.notJson, { problem: (error as Error).message });
  }
}

/** Into a file, and from one. */
function Files({ words: { form }, control, onChange }: Of<'bytes'>) {
  return (
    <span class="files">
      <button
        type="button"
        class="lk"
        onClick={() => save('payload.bin', control.value.slice(), 'application/octet-stream')}
      >
        {form.save}
      </button>
      <label class="lk">
        {form.open}
        <input
          type="file"
          class="vh-hide"
          onChange={async ({ currentTarget }) => {
            const [file] = currentTarget.files ?? [];
            if (file) onChange(control.set(new Uint8Array(await file.arrayBuffer())));
          }}
        />
      </label>
    </span>
  );
}
