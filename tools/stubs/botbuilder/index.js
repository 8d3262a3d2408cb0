// The names that Botkit takes from `botbuilder`: the core's own, and two of the cloud's that are only extended or never reached.
module.exports = { ...require('botbuilder-core'), BotFrameworkAdapter: class BotFrameworkAdapter {}, TeamsInfo: class TeamsInfo {} }
