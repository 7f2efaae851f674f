"""The media servers: Plex, Jellyfin, Emby."""

from watchd.cli.setups.setup import Setup

PLEX = Setup(
    title="Plex",
    address="@BASE@/hooks/plex?token=@SAFE_TOKEN@",
    brief="webhook; needs Plex Pass (without one: use Tautulli, or a [[watchers]] entry)",
    steps=(
        "In Plex Web open Settings, then Account, then Webhooks, and choose Add Webhook.",
        "Paste the URL and save. The hook belongs to the Plex account and works on all of its servers.",
        (
            "On each server, under Settings, Network, Webhooks must be on, and under General the push notifications: without "
            "these it sends no hook either."
        ),
        "Play something for a few seconds and look: `watchd explain event:last`",
    ),
    know=(
        (
            "It is the server that calls, not the player: the address must be reachable from the machine or container in which "
            "Plex Media Server runs."
        ),
        "Home users and friends report through the owner's hook too; say whose plays are whose in [[accounts]].",
        "Plex tells neither of items marked as watched by hand nor of what was watched offline.",
    ),
    also=(
        "Trakt's own Plex webhook and Plex sync (trakt.tv, Settings, Plex), PlexTraktSync, the old Plex-Trakt-Scrobbler "
        "plugin, CrossWatch, goplaxt and the like. Tautulli or a watcher beside this hook is fine: watchd makes one play of "
        "both."
    ),
)

_JELLYFIN_TEMPLATE = """\
{"schema":"watchd-jellyfin-1","NotificationType":"{{{NotificationType}}}","UtcTimestamp":"{{{UtcTimestamp}}}",
"ServerId":"{{{ServerId}}}","ServerName":"{{#if_exist ServerName}}{{{json_encode ServerName}}}{{/if_exist}}",
"UserId":"{{{UserId}}}",
"NotificationUsername":"{{#if_exist NotificationUsername}}{{{json_encode NotificationUsername}}}{{/if_exist}}",
"DeviceId":"{{#if_exist DeviceId}}{{{json_encode DeviceId}}}{{/if_exist}}",
"DeviceName":"{{#if_exist DeviceName}}{{{json_encode DeviceName}}}{{/if_exist}}",
"ItemId":"{{{ItemId}}}","ItemType":"{{{ItemType}}}",
"Name":"{{#if_exist Name}}{{{json_encode Name}}}{{/if_exist}}",
"SeriesName":"{{#if_exist SeriesName}}{{{json_encode SeriesName}}}{{/if_exist}}",
"Year":"{{{Year}}}","SeasonNumber":"{{{SeasonNumber}}}","EpisodeNumber":"{{{EpisodeNumber}}}",
"EpisodeNumberEnd":"{{{EpisodeNumberEnd}}}","RunTimeTicks":"{{{RunTimeTicks}}}",
"PlaybackPositionTicks":"{{{PlaybackPositionTicks}}}","IsPaused":"{{{IsPaused}}}",
"PlayedToCompletion":"{{{PlayedToCompletion}}}","Played":"{{{Played}}}","SaveReason":"{{{SaveReason}}}",
"Provider_imdb":"{{{Provider_imdb}}}","Provider_tmdb":"{{{Provider_tmdb}}}","Provider_tvdb":"{{{Provider_tvdb}}}"}
"""

JELLYFIN = Setup(
    title="Jellyfin",
    address="@BASE@/hooks/jellyfin",
    brief="the Webhook plugin of Jellyfin's own catalogue, with 'Send All Properties'",
    steps=(
        "In the dashboard open Plugins, install Webhook from the catalogue and restart Jellyfin.",
        "Open the plugin's settings and choose Add Generic Destination.",
        "Webhook Url: the address above. If you would rather not add a header, append ?token=@SAFE_TOKEN@ to it.",
        "Notification Type: tick Playback Start, Playback Progress, Playback Stop and User Data Saved, nothing else.",
        "Item Type: tick Movies and Episodes. User Filter: those whose plays shall be recorded.",
        "Tick Send All Properties. There is no template to write then.",
        (
            "Add Request Header twice: Content-Type with the value application/json, and Authorization with the value "
            "`Bearer @TOKEN@`"
        ),
        "Save, play something for a few seconds and look: `watchd explain event:last`",
    ),
    templates=(
        (
            "Only if a message a second of 2 to 4 KB is too much: leave Send All Properties off and paste this as the Template",
            _JELLYFIN_TEMPLATE,
        ),
    ),
    know=(
        "Playback Progress is what tells watchd of pauses: Jellyfin has no event of its own for them.",
        "The unofficial plugin (jellyfin-plugin-webhooks) is understood too: format Default, and the token in the URL.",
    ),
    also=(
        "The Trakt plugin of Jellyfin (uninstall it, or log its users out of Trakt), and any tool that copies Jellyfin's "
        "watched marks to Trakt (CrossWatch, WatchState, scrob)."
    ),
)

EMBY = Setup(
    title="Emby",
    address="@BASE@/hooks/emby?token=@SAFE_TOKEN@",
    brief="the built-in webhooks; need Emby Premiere (without it: a [[watchers]] entry)",
    steps=(
        "Open the server's Settings, then Notifications, and choose Add Notification, then Webhooks.",
        "Url: paste the address. Request content type: application/json (multipart/form-data is understood as well).",
        (
            "Events: under Playback tick Start, Pause, Unpause and Stop; under Users tick Mark Played and Mark Unplayed if "
            "marks made by hand shall count."
        ),
        "Limit user events to: those whose plays shall be recorded.",
        "Send a test with the button there, save, play something for a few seconds and look: `watchd explain event:last`",
    ),
    know=("Emby tells of no progress in between: a player that vanishes is closed at the end that was to be expected.",),
    also="The Trakt plugin of Emby (remove it, or unlink its users), and tools that copy Emby's watched marks to Trakt.",
)
