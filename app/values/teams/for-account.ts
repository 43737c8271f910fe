/** In which field a form carries the account that it was shown for. No field of a form's own has this name. */
export const forAccountField = 'for-account'
