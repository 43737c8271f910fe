/** The public face of the teams room: who is in an account, and as what. */
export { writeHome } from './home.ts'
