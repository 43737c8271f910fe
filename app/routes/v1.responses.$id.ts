import { deleteResponse, showResponse } from '../api/api.server.ts'

/** `GET` and `DELETE /v1/responses/{id}`. */
export const loader = showResponse
export const action = deleteResponse
