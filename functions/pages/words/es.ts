import type { Words } from './en.ts';

export const es: Words = {
  preview: {
    title: 'Esto es una vista previa',
    text: 'En un mensaje enviado, este enlace lleva a la página de la persona que lo recibe.',
  },
  unsubscribe: {
    title: 'Cancelar la suscripción',
    text: (sender) => `¿Quiere dejar de recibir correos de marketing de ${sender}?`,
    button: 'Cancelar la suscripción',
  },
  unsubscribed: {
    title: 'Suscripción cancelada',
    text: 'No se enviarán más correos de marketing a esta dirección.',
  },
  confirm: {
    title: 'Confirmar la suscripción',
    text: (sender) => `¿Quiere recibir correos de ${sender}?`,
    button: 'Confirmar',
  },
  confirmed: { title: 'Gracias', text: 'Su suscripción está confirmada.' },
  expired: {
    title: 'Este enlace ha caducado',
    text: 'Un enlace de confirmación vale 72 horas. Suscríbase de nuevo para recibir otro.',
  },
  notAllowed: { title: 'No es posible', text: 'Esta página solo se puede abrir.' },
  nowhere: {
    title: 'Este enlace no funciona',
    text: 'Puede que se haya cortado por el camino. Use otra vez el enlace del mensaje.',
  },
  removed: {
    title: 'Este mensaje ya no está',
    text: 'Se ha eliminado. El mensaje de su buzón sigue siendo suyo.',
  },
  preferences: {
    title: 'Sus preferencias',
    asks: (sender) => `Elija lo que recibe de ${sender}.`,
    saved: 'Sus preferencias están guardadas.',
    channels: 'Cómo podemos escribirle',
    lists: 'Listas',
    ofLists: 'Las listas envían correos: sin correo no envían nada.',
    email: 'Correo electrónico',
    sms: 'Mensajes de texto',
    push: 'Mensajes en nuestra aplicación',
    save: 'Guardar',
  },
};
