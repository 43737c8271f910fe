type ChoiceFieldProps = {
  label: string
  name: string
  choices: { value: string; text: string }[]
  /** The one that is chosen to begin with. */
  chosen: string
}

/** One of a few, all of which are seen at once. */
export const ChoiceField = ({ label, name, choices, chosen }: ChoiceFieldProps) => (
  <fieldset>
    <legend className="text-sm font-medium">{label}</legend>
    <div className="mt-1 flex flex-wrap gap-2">
      {choices.map(({ value, text }) => (
        <label
          key={value}
          className="flex min-h-10 cursor-pointer items-center gap-2 rounded-md border border-line-strong bg-surface px-3 py-1.5 tabular-nums has-checked:border-accent has-checked:bg-sunken"
        >
          <input
            type="radio"
            name={name}
            value={value}
            defaultChecked={value === chosen}
            className="size-4 accent-accent"
          />
          {text}
        </label>
      ))}
    </div>
  </fieldset>
)
