/** What the pages for people say. Another language is a file like this one, and a line in index.ts. */
export const en = {
  preview: {
    title: 'This is a preview',
    text: 'In a message that is sent, this link leads to the page of the person who gets it.',
  },
  unsubscribe: {
    title: 'Unsubscribe',
    text: (sender: string): string => `Do you want no more marketing email from ${sender}?`,
    button: 'Unsubscribe',
  },
  unsubscribed: { title: 'You are unsubscribed', text: 'You will get no more marketing email at this address.' },
  confirm: {
    title: 'Confirm your subscription',
    text: (sender: string): string => `Do you want email from ${sender}?`,
    button: 'Confirm',
  },
  confirmed: { title: 'Thank you', text: 'Your subscription is confirmed.' },
  expired: {
    title: 'This link has expired',
    text: 'A confirmation link works for 72 hours. Please sign up again to get a new one.',
  },
  notAllowed: { title: 'Not possible', text: 'This page can only be opened.' },
  nowhere: {
    title: 'This link does not work',
    text: 'It may have been cut off on its way. Please use the link in the message again.',
  },
  removed: {
    title: 'This message is not there any more',
    text: 'It was removed. The message in your mailbox is still yours.',
  },
  preferences: {
    title: 'Your preferences',
    asks: (sender: string): string => `Choose what you get from ${sender}.`,
    saved: 'Your preferences are saved.',
    channels: 'How we may write to you',
    lists: 'Lists',
    ofLists: 'Lists send email: without it they send nothing.',
    email: 'Email',
    sms: 'Text messages',
    push: 'Messages in our app',
    save: 'Save',
  },
};

/** What the pages say in one language. */
export type Words = typeof en;
