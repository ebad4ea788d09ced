// What the customer reads, in the widget's languages. {agent} is the agent's name.

const en = {
  ask_view: "{agent} would like to see this page.",
  ask_point: "{agent} would like to point at things on this page.",
  ask_control: "{agent} would like to fill in this page with you.",
  why_view: "What you type stays hidden unless the shop needs it to help. Card details are never shown.",
  why_point: "Marks appear on your page. Nothing is clicked or typed.",
  why_control: "Your own keyboard and mouse always come first. Only you can pay. Esc takes back control.",
  allow: "Allow",
  refuse: "No",
  sees: "{agent} sees this page",
  why_kept: "What is seen is kept for a time, like the recording of the call.",
  kept: "Recorded",
  see: "{agent} see this page",
  waits: "This page can be seen when somebody joins",
  controls: "{agent} may help to fill it in",
  control: "{agent} may help to fill it in",
  paused: "Sharing is paused",
  paying: "Card details are hidden",
  pause: "Pause",
  resume: "Go on",
  stop: "Stop sharing",
  take_back: "Take back control (Esc)",
  please_click: "Please click here",
  draw: "Draw",
  draw_end: "Stop drawing (Esc)",
  pen: "Draw on this page with the mouse or a finger; or move the pen with the arrow keys, and put it down and lift it with Space. Esc ends drawing.",
  region: "Page sharing",
  ended: "This page is no longer shared.",
};

const fr: typeof en = {
  ask_view: "{agent} aimerait voir cette page.",
  ask_point: "{agent} aimerait montrer des éléments de cette page.",
  ask_control: "{agent} aimerait remplir cette page avec vous.",
  why_view: "Ce que vous tapez reste caché, sauf si la boutique en a besoin pour vous aider. Votre carte n’est jamais visible.",
  why_point: "Des repères apparaissent sur votre page. Rien n’est cliqué ni saisi.",
  why_control: "Votre clavier et votre souris passent toujours en premier. Vous seul pouvez payer. Échap reprend la main.",
  allow: "Autoriser",
  refuse: "Non",
  sees: "{agent} voit cette page",
  why_kept: "Ce qui est vu est conservé un certain temps, comme l’enregistrement de l’appel.",
  kept: "Enregistré",
  see: "{agent} voient cette page",
  waits: "Cette page sera visible dès que quelqu’un rejoindra",
  controls: "{agent} peut aider à la remplir",
  control: "{agent} peuvent aider à la remplir",
  paused: "Le partage est en pause",
  paying: "Les données de carte sont masquées",
  pause: "Pause",
  resume: "Reprendre",
  stop: "Arrêter le partage",
  take_back: "Reprendre la main (Échap)",
  please_click: "Cliquez ici, s’il vous plaît",
  draw: "Dessiner",
  draw_end: "Arrêter de dessiner (Échap)",
  pen: "Dessinez sur cette page avec la souris ou le doigt ; ou déplacez le stylo avec les flèches, posez-le et levez-le avec Espace. Échap termine le dessin.",
  region: "Partage de la page",
  ended: "Cette page n’est plus partagée.",
};

const pt: typeof en = {
  ask_view: "{agent} gostaria de ver esta página.",
  ask_point: "{agent} gostaria de apontar elementos desta página.",
  ask_control: "{agent} gostaria de preencher esta página consigo.",
  why_view: "O que escreve fica oculto, exceto o que a loja precisa para ajudar. Os dados do cartão nunca são mostrados.",
  why_point: "Aparecem marcas na sua página. Nada é clicado nem escrito.",
  why_control: "O seu teclado e rato têm sempre prioridade. Só você pode pagar. Esc retoma o controlo.",
  allow: "Permitir",
  refuse: "Não",
  sees: "{agent} vê esta página",
  why_kept: "O que é visto fica guardado durante algum tempo, como a gravação da chamada.",
  kept: "Gravado",
  see: "{agent} veem esta página",
  waits: "Esta página será visível quando alguém entrar",
  controls: "{agent} pode ajudar a preenchê-la",
  control: "{agent} podem ajudar a preenchê-la",
  paused: "A partilha está em pausa",
  paying: "Os dados do cartão estão ocultos",
  pause: "Pausar",
  resume: "Continuar",
  stop: "Parar a partilha",
  take_back: "Retomar o controlo (Esc)",
  please_click: "Clique aqui, por favor",
  draw: "Desenhar",
  draw_end: "Parar de desenhar (Esc)",
  pen: "Desenhe nesta página com o rato ou o dedo; ou mova a caneta com as setas, e pouse-a e levante-a com Espaço. Esc termina o desenho.",
  region: "Partilha da página",
  ended: "Esta página já não é partilhada.",
};

export type Words = typeof en;
const ALL: Record<string, Words> = { en, fr, pt };

export function wordsIn(language: string): Words {
  return ALL[language.slice(0, 2)] ?? en;
}

/** Names, as they are listed in a sentence. */
export function listOf(names: string[], language: string): string {
  return new Intl.ListFormat(language, { style: "long", type: "conjunction" }).format(names);
}

export function withAgent(text: string, agent: string): string {
  return text.replace("{agent}", agent);
}
