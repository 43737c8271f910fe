/** Why a body could not be read. */
export class BodyTooLarge extends Error {}
export class BodyTimeout extends Error {}
export class BodyCut extends Error {}
/** It is not what its content-encoding says. */
export class BodyBroken extends Error {}
/** It comes in an encoding that is not decoded here; `accepted` names those that are. */
export class EncodingUnknown extends Error {
  constructor(readonly accepted: string) {
    super()
  }
}
