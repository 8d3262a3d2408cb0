// Botkit makes a dialog set when it is created; nothing is ever added to it.
class Dialog {}
class DialogSet {
  add() {
    return this
  }
}
module.exports = {
  Dialog,
  DialogSet,
  ActivityPrompt: Dialog,
  WaterfallDialog: Dialog,
  DialogContext: class DialogContext {},
  DialogReason: {},
  DialogTurnStatus: {},
}
