type OptionSyntax = { name: string; takesValue: boolean; needed: boolean; repeats: boolean }
export type Syntax = { words: string; operands: string[]; options: OptionSyntax[] }

/**
 * Reads a usage line such as `model price <name> --input USD [--tier TIER]...`: what it promises is
 * what the parser accepts, because it is made of it. Every verb also takes `--json`.
 */
export function parseSyntax(line: string): Syntax {
  const [words = ''] = /^[a-z]+(?:[ -][a-z]+)*(?= |$)/.exec(line) ?? []
  const operands = [...line.matchAll(/<([a-z-]+)>/g)].map(([, name = '']) => name)
  const options = [...line.matchAll(/(\[?)--([a-z-]+)( [A-Z]+)?(\]\.\.\.)?/g)].map(
    ([, bracket, name = '', value, repeats]) => ({
      name,
      takesValue: value !== undefined,
      needed: bracket === '',
      repeats: repeats !== undefined,
    }),
  )
  const json = { name: 'json', takesValue: false, needed: false, repeats: false }
  return { words, operands, options: [...options, json] }
}
