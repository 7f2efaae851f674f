"""Those that watch players for us and pass on what they see: Tautulli, Home Assistant."""

from watchd.cli.setups.setup import Setup

TAUTULLI_TEMPLATE = """\
{"source":"tautulli","event":"{action}","user":"{username}","user_id":"{user_id}",
"server":"{server_name}","server_id":"{server_machine_id}","player":"{player}","player_id":"{machine_id}",
"session":"{session_key}","library":"{library_name}","library_id":"{section_id}","live":"{live}",
"media_type":"{media_type}","title":"{title}","show":"{show_name}","episode_title":"{episode_name}",
"season":"{season_num}","number":"{episode_num}","year":"{year}","show_year":"{show_year}",
"guid":"{guid}","imdb":"{imdb_id}","tvdb":"{thetvdb_id}","tmdb":"{themoviedb_id}",
"position_ms":"{view_offset}","duration_ms":"{duration_ms}","percent":"{progress_percent}",
"rating":"{user_rating}","time":"{unixtime}"}
"""

TAUTULLI = Setup(
    title="Tautulli",
    address="@BASE@/hooks/tautulli",
    brief="a webhook agent with our template; watches Plex without Plex Pass",
    steps=(
        "In Tautulli open Settings, then Notification Agents, and choose Add a new notification agent, then Webhook.",
        "Configuration: Webhook URL is the address above, Webhook Method is POST.",
        "Triggers: tick Playback Start, Playback Stop, Playback Pause, Playback Resume and Watched.",
        (
            "Data: open each of these five triggers. Into JSON Headers goes the first text below, into JSON Data the second; "
            "both are the same for all five."
        ),
        "Under Settings, General, leave Allow Consecutive Notifications on: otherwise no stop is sent after Watched.",
        "Save, play something for a few seconds and look: `watchd explain event:last`",
    ),
    templates=(
        ("JSON Headers, for each trigger", '{"Content-Type":"application/json","Authorization":"Bearer @TOKEN@"}\n'),
        ("JSON Data, for each trigger", TAUTULLI_TEMPLATE),
    ),
    know=("Where the headers cannot be set, append ?token=@SAFE_TOKEN@ to the URL instead.",),
    also=(
        "Trakt's own Plex webhook and Plex sync (trakt.tv, Settings, Plex), PlexTraktSync, other Tautulli scripts that talk to "
        "Trakt. Plex's webhook to watchd beside this one is fine: watchd makes one play of both."
    ),
)

HOMEASSISTANT_YAML = """\
rest_command:
  watchd:
    url: "@BASE@/hooks/homeassistant"
    method: post
    content_type: "application/json"
    headers:
      authorization: "Bearer @TOKEN@"
    payload: >-
      {"source": "homeassistant",
      "timestamp": {{ at | string | to_json }},
      "entity_id": {{ entity_id | string | to_json }},
      "state": {{ state | string | to_json }},
      "attributes": {
      "media_content_type": {{ content_type | string | to_json }},
      "media_title": {{ title | string | to_json }},
      "media_series_title": {{ series | string | to_json }},
      "media_season": {{ season | string | to_json }},
      "media_episode": {{ episode | string | to_json }},
      "media_duration": {{ duration | string | to_json }},
      "media_position": {{ position | string | to_json }},
      "media_position_updated_at": {{ position_at | string | to_json }},
      "app_name": {{ app | string | to_json }},
      "friendly_name": {{ name | string | to_json }}}}

automation:
  - id: watchd
    alias: "Tell watchd what is playing"
    mode: queued
    max: 20
    triggers:
      - trigger: state
        entity_id:
          - media_player.living_room
        to: ["playing", "paused", "idle", "off", "standby"]
      - trigger: state
        entity_id:
          - media_player.living_room
        attribute: media_title
      - trigger: state
        entity_id:
          - media_player.living_room
        attribute: media_position
    conditions:
      - condition: template
        value_template: "{{ trigger.to_state is not none }}"
    actions:
      - action: rest_command.watchd
        data:
          at: "{{ trigger.to_state.last_updated.isoformat() }}"
          entity_id: "{{ trigger.entity_id }}"
          state: "{{ trigger.to_state.state }}"
          content_type: "{{ trigger.to_state.attributes.media_content_type | default('', true) }}"
          title: "{{ trigger.to_state.attributes.media_title | default('', true) }}"
          series: "{{ trigger.to_state.attributes.media_series_title | default('', true) }}"
          season: "{{ trigger.to_state.attributes.media_season | default('') }}"
          episode: "{{ trigger.to_state.attributes.media_episode | default('') }}"
          duration: "{{ trigger.to_state.attributes.media_duration | default('') }}"
          position: "{{ trigger.to_state.attributes.media_position | default('') }}"
          position_at: "{{ trigger.to_state.attributes.media_position_updated_at | default('', true) }}"
          app: "{{ trigger.to_state.attributes.app_name | default('', true) }}"
          name: "{{ trigger.to_state.attributes.friendly_name | default('', true) }}"
"""

HOMEASSISTANT = Setup(
    title="Home Assistant",
    address="@BASE@/hooks/homeassistant",
    brief="a rest_command and an automation, for players that only Home Assistant knows",
    steps=(
        (
            "Paste the text below into configuration.yaml. If that has a rest_command: or automation: already, add the "
            "entries to what is there; the token may go into secrets.yaml."
        ),
        (
            "Name your players in place of media_player.living_room, in all three lists; leave those out that report by a "
            "hook of their own or never show films."
        ),
        "Check the configuration under Developer tools, then restart Home Assistant.",
        "Play something for a few seconds and look: `watchd explain event:last`",
    ),
    templates=(("configuration.yaml", HOMEASSISTANT_YAML),),
    know=(
        "Home Assistant knows titles and no ids, and seldom a year: a hook of the media server itself is surer.",
        "Plays are told apart by the entity; to give them to people, list the entities under players in [[accounts]].",
    ),
    also=(
        "Trakt integrations and automations of Home Assistant that scrobble, and a hook of the same player's media server that "
        "goes to Trakt by another way. The same sitting told to watchd twice is one play."
    ),
)
