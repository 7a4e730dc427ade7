import type { Words } from './en.ts';

export const fr: Words = {
  preview: {
    title: 'Ceci est un aperçu',
    text: 'Dans un message envoyé, ce lien mène à la page de la personne qui le reçoit.',
  },
  unsubscribe: {
    title: 'Se désabonner',
    text: (sender) => `Voulez-vous ne plus recevoir d’e-mails marketing de ${sender} ?`,
    button: 'Se désabonner',
  },
  unsubscribed: {
    title: 'Vous êtes désabonné',
    text: 'Plus aucun e-mail marketing ne sera envoyé à cette adresse.',
  },
  confirm: {
    title: 'Confirmer votre inscription',
    text: (sender) => `Voulez-vous recevoir des e-mails de ${sender} ?`,
    button: 'Confirmer',
  },
  confirmed: { title: 'Merci', text: 'Votre inscription est confirmée.' },
  expired: {
    title: 'Ce lien a expiré',
    text: 'Un lien de confirmation est valable 72 heures. Inscrivez-vous de nouveau pour en recevoir un autre.',
  },
  notAllowed: { title: 'Impossible', text: 'Cette page peut seulement être ouverte.' },
  nowhere: {
    title: 'Ce lien ne fonctionne pas',
    text: 'Il a peut-être été coupé en chemin. Veuillez utiliser de nouveau le lien du message.',
  },
  removed: {
    title: 'Ce message n’existe plus',
    text: 'Il a été supprimé. Le message dans votre boîte reste à vous.',
  },
  preferences: {
    title: 'Vos préférences',
    asks: (sender) => `Choisissez ce que vous recevez de ${sender}.`,
    saved: 'Vos préférences sont enregistrées.',
    channels: 'Comment nous pouvons vous écrire',
    lists: 'Listes',
    ofLists: 'Les listes envoient des e-mails : sans e-mail, elles n’envoient rien.',
    email: 'E-mail',
    sms: 'SMS',
    push: 'Messages dans notre application',
    save: 'Enregistrer',
  },
};
