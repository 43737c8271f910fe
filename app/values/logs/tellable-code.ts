/** Words with a few digits at most, joined as programmers join them; and numbers. */
const form = /^(?:[a-z]{2,40}(?:[_.-][a-z]{1,40}|[_.-]?\d{1,3}(?!\d))*|\d{1,6})$/i
/** What begins like a key, or the id of somebody's account, is none. */
const isSomebodys = (name: string) =>
  /^(?:sk|pk|rk|org|proj|acct|user|key|req|cus)[-_.]/i.test(name)

/**
 * The first of these names that a row may keep: the code of an upstream's error as its makers have
 * written it, and never what such a field may hold by mistake, which is a key, an id, or words.
 */
export const tellableCode = (names: (string | undefined)[]): string | undefined =>
  names.find(
    (name) => name !== undefined && name.length <= 60 && form.test(name) && !isSomebodys(name),
  )
