export { findImage, imageAt } from './image.ts';
export { imageOperations, imageResource } from './resources.ts';
