import { lazy, Suspense } from "react";
import { Redirect, Route, Switch } from "wouter";
import type { Me } from "@/api/types";
import { Dashboard } from "@/cases/Dashboard";
import { Leaving } from "@/drafts/Leaving";
import { Enrol } from "@/session/Enrol";
import { Invitation } from "@/session/Invitation";
import { Reentry } from "@/session/Reentry";
import { useSession } from "@/session/session";
import { SetUp } from "@/session/SetUp";
import { SignIn } from "@/session/SignIn";
import { ErrorBoundary } from "@/shell/ErrorBoundary";
import { Shell } from "@/shell/Shell";
import { Failure, Loading, Missing } from "@/shell/states";

const CasePage = lazy(() => import("@/cases/CasePage"));
const ViewerPage = lazy(() => import("@/viewer/ViewerPage"));
const ComparePage = lazy(() => import("@/compare/ComparePage"));
const Originals = lazy(() => import("@/originals/Originals"));
const Users = lazy(() => import("@/admin/Users"));
const Groups = lazy(() => import("@/admin/Groups"));
const Retention = lazy(() => import("@/admin/Retention"));
const Ledger = lazy(() => import("@/admin/Ledger"));
const Account = lazy(() => import("@/account/Account"));

/** Set-up and invitations are open to all; everything else is behind the sign-in. */
export function App() {
  return (
    <Switch>
      <Route path="/setup">
        <SetUp token={secretOfLink()} />
      </Route>
      <Route path="/invitation">
        <Invitation token={secretOfLink()} />
      </Route>
      <Route>
        <Inside />
      </Route>
    </Switch>
  );
}

/** The secret of a one-time link; it stands behind the #, which browsers never send. */
function secretOfLink(): string {
  return location.hash.slice(1);
}

function Inside() {
  const session = useSession();
  if (session.isPending) return <Loading rows={0} />;
  if (session.error) return <Failure error={session.error} retry={() => void session.refetch()} />;
  if (!session.data) return <SignIn />;
  if (session.data.must_enrol) return <Enrol />;
  return (
    <Leaving>
      <Shell me={session.data}>
        <ErrorBoundary>
          <Suspense fallback={<Loading />}>
            <Pages me={session.data} />
          </Suspense>
        </ErrorBoundary>
      </Shell>
      <Reentry me={session.data} />
    </Leaving>
  );
}

function Pages({ me }: { me: Me }) {
  return (
    <Switch>
      <Route path="/">
        <Dashboard me={me} />
      </Route>
      <Route path="/cases/:id">{({ id }) => <CasePage key={id} id={id} />}</Route>
      <Route path="/evidence/:id">{({ id }) => <ViewerPage key={id} id={id} />}</Route>
      <Route path="/compare/:one/:other">
        {({ one, other }) => <ComparePage key={`${one} ${other}`} one={one} other={other} />}
      </Route>
      <Route path="/originals">
        <Originals me={me} />
      </Route>
      <Route path="/account">
        <Account />
      </Route>
      <Route path="/admin">
        <Redirect to="/admin/users" />
      </Route>
      {me.role === "administrator" && <Route path="/admin/users"><Users me={me} /></Route>}
      {me.role === "administrator" && <Route path="/admin/groups"><Groups /></Route>}
      {me.role === "administrator" && <Route path="/admin/retention"><Retention /></Route>}
      {me.role === "administrator" && <Route path="/admin/ledger"><Ledger /></Route>}
      <Route>
        <Missing />
      </Route>
    </Switch>
  );
}
