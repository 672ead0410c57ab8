import { createTheme, Modal, Table, Tooltip } from "@mantine/core";

/** What differs from Mantine's own look; colours live in tokens.css, as static rules. */
export const theme = createTheme({
  primaryColor: "violet",
  defaultRadius: "md",
  cursorType: "pointer",
  focusRing: "auto",
  respectReducedMotion: true,
  components: {
    // Locking the page's scroll would need a style element that the content security policy refuses.
    Modal: Modal.extend({ defaultProps: { lockScroll: false, centered: true, overlayProps: { blur: 4 } } }),
    Table: Table.extend({ defaultProps: { verticalSpacing: "sm" } }),
    Tooltip: Tooltip.extend({ defaultProps: { withArrow: true, openDelay: 350, events: { hover: true, focus: true, touch: false } } }),
  },
});
