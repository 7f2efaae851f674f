"""The players themselves: Kodi, mpv, VLC, scripts, and whatever speaks Trakt's format."""

from watchd.cli.setups.setup import Setup

KODI = Setup(
    title="Kodi",
    address="@BASE@/hooks/kodi",
    brief="the HttpScrobbler add-on, Kodi 19 or newer (without an add-on: a [[watchers]] entry)",
    steps=(
        (
            "Download the add-on's zip from github.com/Programie/KodiAddon-HttpScrobbler and install it under Add-ons, Install "
            "from zip file."
        ),
        "In its settings, URL: the address above.",
        "Username: anything, such as kodi. Password: @TOKEN@",
        "Events: switch all of them on; interval: 10 to 60 seconds. Movies and episodes: on.",
        "Queue: let it keep what could not be sent and send it again. watchd files late events under the time they happened.",
        "Play something for a few seconds and look: `watchd explain event:last`",
    ),
    know=(
        "If the add-on cannot reach us with a password, append ?token=@SAFE_TOKEN@ to the URL instead.",
        (
            "The add-on names neither the person nor the machine. Where several people share watchd, give each Kodi the "
            "token of its person's account: `watchd hooks kodi --account NAME`"
        ),
    ),
    also=(
        "The Trakt add-on (script.trakt): it cannot be pointed at watchd, so switch its scrobbling off or remove it. A Kodi "
        "that plays from Plex, Jellyfin or Emby through their add-ons is told of by their hooks too: one play for watchd."
    ),
)

MPV_LUA = """\
local utils = require "mp.utils"
local url = "@BASE@/hooks/generic"
local seen = {}

local function tell(event)
  if not seen.filename then return end
  local body = utils.format_json({
    source = "mpv", event = event, sessionId = seen.session, filename = seen.filename,
    duration = seen.duration, progress = { time = seen.time or 0, percent = seen.percent },
  })
  mp.command_native_async({ name = "subprocess", playback_only = false, detach = true, args = {
    "curl", "-sS", "-m", "5", "-o", "/dev/null", "-H", "Authorization: Bearer @TOKEN@",
    "-H", "Content-Type: application/json", "-d", body, url,
  } })
end

mp.observe_property("time-pos", "number", function(_, value)
  if not value then return end
  seen.time, seen.duration = value, mp.get_property_number("duration")
  seen.percent = mp.get_property_number("percent-pos")
end)
mp.observe_property("pause", "bool", function(_, paused) tell(paused and "pause" or "resume") end)
mp.register_event("file-loaded", function()
  seen = { filename = mp.get_property("filename"), duration = mp.get_property_number("duration"),
           session = string.format("mpv-%d-%d", os.time(), utils.getpid()) }
  tell("start")
end)
mp.register_event("seek", function() tell("seek") end)
mp.register_event("end-file", function(how)
  tell(how.reason == "eof" and "end" or "stop")
  seen = {}
end)
mp.add_periodic_timer(30, function() if not mp.get_property_bool("pause") then tell("interval") end end)
"""

_CURL = """\
curl -sS -H "Authorization: Bearer @TOKEN@" -H "Content-Type: application/json" @BASE@/hooks/generic \\
  -d '{"source":"my-script","event":"start","sessionId":"1","filename":"Heat.1995.mkv","duration":10200,\
"progress":{"percent":0}}'
"""

GENERIC = Setup(
    title="Scripts, mpv, VLC",
    address="@BASE@/hooks/generic",
    brief="a small JSON, or the command `watchd scrobble`",
    steps=(
        "POST a JSON object for each event, with the header `Authorization: Bearer @TOKEN@`",
        (
            "event is start, pause, resume, stop, end, watched, interval or seek. A file name is enough to find the item by "
            "(Show.S01E02, Movie.1995); title, year, mediaType, season, episode, tvShowTitle, uniqueIds and tvShowUniqueIds "
            "are better."
        ),
        (
            "duration and progress.time are seconds, progress.percent is 0 to 100. sessionId is the same text for one sitting; "
            "source names the player, user the person, timestamp the moment (ISO 8601) if it is not now."
        ),
        (
            "The command does the same and finds the daemon on this machine by itself: "
            "`watchd scrobble start --file Heat.1995.mkv --progress 0`"
        ),
    ),
    templates=(
        ("A line to try", _CURL),
        ("mpv: save as ~/.config/mpv/scripts/watchd.lua (needs curl)", MPV_LUA),
    ),
    know=(
        (
            "VLC calls nobody. Switch on its web interface (Preferences, All, Interface, Main interfaces, Web), let a script "
            "read http://127.0.0.1:8080/requests/status.json every 10 seconds, and post state, time, length and the file "
            "name whenever the state changes."
        ),
    ),
    also="The trakt-scrobbler daemon, mpv plugins for Trakt, and whatever else tells Trakt of the same player by itself.",
)

TRAKT = Setup(
    title="Whatever speaks Trakt's scrobble format",
    address="@BASE@/trakt",
    brief="POST to /scrobble/start, /scrobble/pause, /scrobble/stop, /checkin below it",
    steps=(
        (
            "Give your script or library this base URL in place of https://api.trakt.tv; the paths below it and the bodies are "
            "Trakt's own."
        ),
        "As its access token give @TOKEN@ (header Authorization: Bearer). Any API key is taken.",
    ),
    templates=(
        (
            "A line to try",
            (
                'curl -sS -H "Authorization: Bearer @TOKEN@" -H "Content-Type: application/json" \\\n'
                '  @BASE@/trakt/scrobble/start -d \'{"movie":{"title":"Heat","year":1995},"progress":2}\'\n'
            ),
        ),
    ),
    know=(
        "Ready-made players and plugins have Trakt's address built in and cannot be pointed here: use their webhook instead.",
        (
            "Trakt's format names no user: where several people share watchd it means the first account, unless the token is "
            "another account's own: `watchd hooks trakt --account NAME`"
        ),
    ),
    also="The same script's own connection to Trakt.",
)
