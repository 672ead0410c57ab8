import type { Me } from "@/api/types";
import { words } from "@/words";

/** A page that the header or the palette leads to. */
export interface Place {
  href: string;
  label: string;
  /** Paths on which it is the present one. */
  within: RegExp;
}

/** The pages of the header, for one of that role. */
export function places(me: Me): Place[] {
  const all = [
    { href: "/", label: words.nav.cases, within: /^\/$|^\/cases|^\/evidence|^\/compare/ },
    { href: "/originals", label: words.nav.originals, within: /^\/originals/ },
  ];
  const admin = { href: "/admin/users", label: words.nav.administration, within: /^\/admin/ };
  return me.role === "administrator" ? [...all, admin] : all;
}

/** All pages, for the palette. */
export function everyPlace(me: Me): Place[] {
  const ledger = { href: "/admin/ledger", label: words.admin.ledger, within: /^\/admin\/ledger/ };
  const groups = { href: "/admin/groups", label: words.admin.groups, within: /^\/admin\/groups/ };
  const retention = { href: "/admin/retention", label: words.admin.retention, within: /^\/admin\/retention/ };
  const account = { href: "/account", label: words.nav.account, within: /^\/account/ };
  return [...places(me), ...(me.role === "administrator" ? [groups, retention, ledger] : []), account];
}
