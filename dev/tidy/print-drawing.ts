import { draw } from './drawing.ts'
import { readCode } from './source-tree.ts'

console.log(draw(readCode()))
