const SIZE = 64;

/** Puts a dot on the page's icon; gives what takes it away. */
export function showBadge(): () => void {
  const link = document.querySelector<HTMLLinkElement>("link[rel=icon]");
  if (link === null) return () => undefined;
  const usual = link.href;
  const image = new Image();
  let wanted = true;
  image.addEventListener("load", () => {
    if (wanted) link.href = withDot(image) ?? usual;
  });
  image.src = usual;
  return () => {
    wanted = false;
    link.href = usual;
  };
}

function withDot(image: HTMLImageElement): string | undefined {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = SIZE;
  const pen = canvas.getContext("2d");
  if (pen === null) return undefined;
  pen.drawImage(image, 0, 0, SIZE, SIZE);
  pen.fillStyle = "#fff";
  pen.beginPath();
  pen.arc(46, 18, 18, 0, 2 * Math.PI);
  pen.fill();
  pen.fillStyle = "#d92d20";
  pen.beginPath();
  pen.arc(46, 18, 14, 0, 2 * Math.PI);
  pen.fill();
  return canvas.toDataURL("image/png");
}
