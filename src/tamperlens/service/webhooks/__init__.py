"""Tells other programs about events in cases: signed calls to allowed hosts, in order, none left out.

Public names: none outside the service; further `ACTIONS`, `call_out`, `refused_url`, `try_out`,
`webhook_view`.
"""

from tamperlens.service.webhooks._allowed import refused_url
from tamperlens.service.webhooks._delivering import call_out, try_out
from tamperlens.service.webhooks._messages import ACTIONS, webhook_view

__all__ = ["ACTIONS", "call_out", "refused_url", "try_out", "webhook_view"]
