/* Appended to pjsua2.i: an incoming call belongs to the account of the transport that it came in by.
 *
 * pjsua chooses by the To header and the kind of transport, but each of our accounts has a UDP transport of its own.
 * This is in C because a Python Endpoint would be called from the audio threads as well. */
%{
#include <pjsua-lib/pjsua_internal.h>

static pj_bool_t comptoir_is_bound_to(pjsua_acc_id id, const pjsip_transport *transport)
{
    const pjsua_acc *account = &pjsua_var.acc[id];
    int number = account->cfg.transport_id;

    return account->valid && number >= 0 && number < (int)PJ_ARRAY_SIZE(pjsua_var.tpdata) &&
           pjsua_var.tpdata[number].data.tp == transport;
}

/* Keep pjsua's choice when it is bound to this transport, else take the first account that is. */
static void comptoir_find_account(const pjsip_rx_data *rdata, pjsua_acc_id *id)
{
    unsigned i;

    if (pjsua_acc_is_valid(*id) && comptoir_is_bound_to(*id, rdata->tp_info.transport))
        return;
    for (i = 0; i < pjsua_var.acc_cnt; ++i) {
        if (comptoir_is_bound_to(pjsua_var.acc_ids[i], rdata->tp_info.transport)) {
            *id = pjsua_var.acc_ids[i];
            return;
        }
    }
}
%}
%inline %{
/* Call it once libInit has returned. */
void comptoir_choose_accounts_by_transport(void)
{
    pjsua_var.ua_cfg.cb.on_acc_find_for_incoming = &comptoir_find_account;
}
%}
