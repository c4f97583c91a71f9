// The small controls of the lab's forms: each a label and what is typed or chosen. They know no lab.
import type { ComponentChildren } from 'preact';

interface Labelled {
  label: string;
  live: boolean;
}

export function Text({
  label,
  live,
  value,
  set,
  ...rest
}: Labelled & { value: string; set(value: string): void; placeholder?: string; maxLength?: number }) {
  return (
    <label class="lab-row">
      <span>{label}</span>
      <input
        class="field sm"
        autocomplete="off"
        autocapitalize="off"
        spellcheck={false}
        disabled={!live}
        value={value}
        onInput={({ currentTarget }) => set(currentTarget.value)}
        {...rest}
      />
    </label>
  );
}

/** A whole number in a range; what is none is let go of when the field is left. */
export function Count({
  label,
  live,
  value,
  set,
  min = 0,
  max,
  placeholder,
}: Labelled & {
  value: number | undefined;
  set(value: number | undefined): void;
  min?: number;
  max: number;
  placeholder?: string | undefined;
}) {
  return (
    <label class="lab-row">
      <span>{label}</span>
      <input
        class="field sm"
        type="number"
        inputMode="numeric"
        disabled={!live}
        min={min}
        max={max}
        placeholder={placeholder ?? ''}
        value={value ?? ''}
        onChange={({ currentTarget }) => {
          const { value: text, valueAsNumber: number } = currentTarget;
          const fits = Number.isInteger(number) && number >= min && number <= max;
          if (fits) set(number);
          else if (text === '') set(undefined);
          else currentTarget.value = String(value ?? '');
        }}
      />
    </label>
  );
}

export function Check({ label, live, value, set }: Labelled & { value: boolean; set(value: boolean): void }) {
  return (
    <label class="chk">
      <input
        type="checkbox"
        disabled={!live}
        checked={value}
        onChange={({ currentTarget }) => set(currentTarget.checked)}
      />
      {label}
    </label>
  );
}

export function Choice({
  label,
  live,
  value,
  options,
  set,
}: Labelled & {
  value: string;
  options: readonly { readonly key: string; readonly text: string }[];
  set(value: string): void;
}) {
  return (
    <label class="lab-row">
      <span>{label}</span>
      <select
        class="field sm"
        disabled={!live}
        value={value}
        onChange={({ currentTarget }) => set(currentTarget.value)}
      >
        {options.map(({ key, text }) => (
          <option key={key} value={key}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}

export function Press({
  live,
  off = false,
  why,
  press,
  children,
  kind = 's',
}: {
  live: boolean;
  off?: boolean;
  /** Why it cannot be pressed. */
  why?: string | undefined;
  press(): void;
  children: ComponentChildren;
  kind?: string;
}) {
  return (
    <button
      type="button"
      class={`btn ${kind}`}
      disabled={!live}
      aria-disabled={off}
      title={off ? why : undefined}
      onClick={() => !off && press()}
    >
      {children}
    </button>
  );
}
