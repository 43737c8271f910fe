/** As browsers take one in a form (WHATWG HTML, 4.10.5.1.5), and no longer than mail can carry. */
const form =
  /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*$/

/** Whether mail can go to it: one address, and nothing that a header or a program could misread. */
export const isMailAddress = (text: string): boolean => text.length <= 254 && form.test(text)
