import { createTheme, Menu, Modal, Table, Tooltip } from "@mantine/core";

/** What differs from Mantine's own look; colours live in tokens.css, as static rules. */
export const theme = createTheme({
  primaryColor: "violet",
  defaultRadius: "md",
  cursorType: "pointer",
  focusRing: "auto",
  respectReducedMotion: true,
  components: {
    // Its placeholder for the focus is no item, and a menu may hold nothing else; the focus goes to the first item instead.
    Menu: Menu.extend({ defaultProps: { withInitialFocusPlaceholder: false } }),
    // Locking the page's scroll would need a style element that the content security policy refuses. A dialog's
    // header is no second banner of the page.
    Modal: Modal.extend({
      defaultProps: { lockScroll: false, centered: true, overlayProps: { blur: 4 }, attributes: { header: { role: "none" } } },
    }),
    Table: Table.extend({ defaultProps: { verticalSpacing: "sm" } }),
    Tooltip: Tooltip.extend({ defaultProps: { withArrow: true, openDelay: 350, events: { hover: true, focus: true, touch: false } } }),
  },
});
