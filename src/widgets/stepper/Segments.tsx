/** One of several, side by side: radio buttons in the clothes of a segmented control. */

export interface SegmentsProps {
  /** The name of the group, unique on the page. */
  name: string;
  label: string;
  live: boolean;
  options: readonly { readonly key: string; readonly text: string }[];
  chosen: string;
  choose(key: string): void;
}

export function Segments({ name, label, live, options, chosen, choose }: SegmentsProps) {
  return (
    <fieldset class="seg" aria-label={label}>
      {options.map(({ key, text }) => (
        <label key={key}>
          <input
            type="radio"
            name={name}
            value={key}
            disabled={!live}
            checked={key === chosen}
            onChange={() => choose(key)}
          />
          {text}
        </label>
      ))}
    </fieldset>
  );
}
