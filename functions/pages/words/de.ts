import type { Words } from './en.ts';

export const de: Words = {
  preview: {
    title: 'Das ist eine Vorschau',
    text: 'In einer verschickten Nachricht führt dieser Link zur Seite der Person, die sie erhält.',
  },
  unsubscribe: {
    title: 'Abmelden',
    text: (sender) => `Möchten Sie keine Werbe-E-Mails von ${sender} mehr erhalten?`,
    button: 'Abmelden',
  },
  unsubscribed: {
    title: 'Sie sind abgemeldet',
    text: 'An diese Adresse werden keine Werbe-E-Mails mehr geschickt.',
  },
  confirm: {
    title: 'Anmeldung bestätigen',
    text: (sender) => `Möchten Sie E-Mails von ${sender} erhalten?`,
    button: 'Bestätigen',
  },
  confirmed: { title: 'Vielen Dank', text: 'Ihre Anmeldung ist bestätigt.' },
  expired: {
    title: 'Dieser Link ist abgelaufen',
    text: 'Ein Bestätigungslink gilt 72 Stunden. Bitte melden Sie sich noch einmal an, um einen neuen zu erhalten.',
  },
  notAllowed: { title: 'Nicht möglich', text: 'Diese Seite kann nur aufgerufen werden.' },
  nowhere: {
    title: 'Dieser Link funktioniert nicht',
    text: 'Vielleicht wurde er unterwegs abgeschnitten. Bitte benutzen Sie noch einmal den Link in der Nachricht.',
  },
  removed: {
    title: 'Diese Nachricht gibt es nicht mehr',
    text: 'Sie wurde entfernt. Die Nachricht in Ihrem Postfach behalten Sie.',
  },
  preferences: {
    title: 'Ihre Einstellungen',
    asks: (sender) => `Wählen Sie, was Sie von ${sender} erhalten.`,
    saved: 'Ihre Einstellungen sind gespeichert.',
    channels: 'Wie wir Ihnen schreiben dürfen',
    lists: 'Listen',
    ofLists: 'Listen verschicken E-Mails: ohne E-Mail verschicken sie nichts.',
    email: 'E-Mail',
    sms: 'Textnachrichten',
    push: 'Nachrichten in unserer App',
    save: 'Speichern',
  },
};
