"""The words in which engines talk of a page, in eight languages: data for `metrics.chatter`, which weighs them.

`*` stands for any ending and `_` for a space. A word may be in one group only; the first group that knows it has it.
"""

from __future__ import annotations

from typing import Literal

Group = Literal["task", "offer", "agrees", "reader", "here", "says", "craft", "page", "kind", "somebodys", "plain"]

WORDS: dict[Group, str] = {
    # What nobody says who writes a letter.
    "task": """
        transcri* retranscri* trascri* transkri* ocr image images imagens imagen imágenes immagin* bild bildes bilds bilder bildqualität
        afbeelding* scan scans scanned numérisation escaneo auflösung résolution upload* crop crops cropped screenshot*
        pixel* abschrift line-by-line line_by_line paleograph* diplomatic photo photograph* foto*
        hochgeladen* extracted extrahiert* extrait extraído* my_transcription here_you_go ma_transcription meine_transkription rest_of_the_page remainder_of_the_page reste_de_la_page rest_der_seite resto_de_la_página resto_della_pagina resto_da_página""",
    # What is held out to the one who asked.
    "offer": """
        let_me_know please_let_me feel_free would_you_like do_you_want do_you_need is_there_anything_else shall_i should_i
        if_you'd_like if_you_would_like if_you_need if_you_want if_you_have if_you_can if_anything hope_this
        hope_that i_hope_this enjoy happy_to i'd_be_glad glad_to expand* modernis* moderniz* translat* summari* convert* proofread*
        clean-up cleaned-up cleaned_up clarif* double-check verify another_look higher-* higher_quality clearer sharper try_again improve*
        further other_pages another_page anything_else format* question questions 
        soll_ich falls_sie wenn_sie lassen_sie möchten_sie sagen_sie ich_hoffe bescheid übersetz* übertrag* modernisiert* fassung benötig* wünsch* gerne_weiter bitte_beachten_sie fragen
        n'hésitez_pas si_vous j'espère souhait* voulez dites-moi faites traduc* tradui* modernis* demander corrig*
        si_necesita si_necesitas si_quiere si_quieres si_desea si_deseas avísame espero_que quieres dime dímelo tradu* revis*
        non_esitare fammi_sapere se_hai_bisogno se_vuoi chiedi spero_che bisogno versione version*
        laat_het se_precisar se_quiser espero posso pedir vertal* wenst weten english deutsch* englisch* latein* französ* inglés español anglais français allemand italien inglese italiano inglês português engels nederlands latin german french italian spanish your_research your_work your_project your_request your_records your_purposes""",
    "agrees": """
        sure sure_thing certainly of_course absolutely okay ok alright all_right got_it understood gladly as_requested
          thank_you_for thanks_for
        gern gerne natürlich selbstverständlich klar bien_sûr d'accord certo certamente claro claro_que_sí por_supuesto con_gusto con_piacere
        natuurlijk com_certeza""",
    # The one who reads, at work.
    "reader": """
        i_can_see i_see i_can i_could i_was_able_to i_was_unable i_wasn't i_was_not i_am_not i'm_not i'm i_get i_will i'll i_have i've
        i_left i_kept i_think i_believe i'm_going_to let_me let's as_best_i_can my_best   
        to_the_best_of_my_ability best_attempt best_effort   done_my_best do_my_best 
            examin* carefully close_look look_at looking_at based_on    shar*  for_you
        ich_habe habe_ich ich_werde ich_kann ich_bin mir bin_ich konnte je_vais je_peux j'ai je_vous_propose 
        he_podido he_mantenido he_conservado he_marcado puedo voy_a que_he ho_mantenuto ho_conservato posso_leggere ik_heb ik_kan consegui mantive my_best_attempt my_best_effort i_couldn't i_could_not i_cannot i_can't""",
    # That something comes.
    "here": """
        here_is here's here_are here_it_is  here below follow following follows as_follows this_is what_follows what's
        hier dies_ist im_folgenden folgend* folgt wie_folgt so_wie voici ci-dessous suivant* aquí a_continuación siguiente* este_es esta_es
        ecco seguente seguenti di_seguito hieronder volgt als_volgt aqui a_seguir seguinte abaixo he_aquí""",
    "says": """
        reads says states shows contains displays appears seems it_is is_written written
        lautet steht enthält zeigt zu_sehen montre dit contient apparaît écrit dice muestra contiene aparece presenta mostra diz contém
        luidt staat bevat appear""",
    # Reading and its difficulties; a writer may say one of these too.
    "craft": """
        handwrit* cursive legib* illegib* unreadable readable indecipherable deciph* unclear verbatim placeholder* script
        spelling punctuation capitali* line_breaks line_break strike-throughs strikethrough* underlining abbrev* original originals preserv*
        maintain* exactly_as as_written as_it_appears misread misspell* uncertain* not_certain certain less_certain unsure not_sure 
        not_fully doubtful ambigu* guess* tentative stretch confiden* approximate* inaccura* accura* faithful* interpretation
        could_also could_be may_be might_be also_possible possible looks_like difficult hard_to_read hard_to_make_out hard_to make_out
        discern* tough cramped fade* faint* smudge* blur* bled bleed* ink pencil stain* obscure* cut_off 
        edge margin* bracket*  visible missing partly partial* indicat* marked quality
        open_to mistakes errors illegible annot* remain*  blank signature* 
        raw commentary modern legibility observ* uncertain_words confidence_level high medium moderate low 
        continuation previous reading readings note notes remark remarks disclaimer comment comments legend caveat* transcriber* details considerations
        handschrift* kurrent* handgeschrieben* lesbar* leserlich* unleserlich* entziff* lesung* rechtschreibung zeilenumbr* gekennzeichnet
        markiert unsicher* sicher wiedergegeben verblasst* schwer* einzelne einige buchstaben* schrift undeutlich* eindeutig erkennen
        hinweis* anmerkung* original* beibehalten wortgetreue stelle stellen unterschrift teilweise möglich
        manuscrit* illisible* lisible* déchiffr* lecture orthographe ponctuation crochets sauts_de_ligne incertain* flou* difficile*
        respect* conserv* d'origine certain* quelques remarque* note* signalé* approximative remplac* 
        manuscrito* ilegible* legible* legibles descifr* caligrafía ortografía corchetes borros* saltos_de_línea inciert* dudos* difícil*
        difíciles de_leer firma poco nota notas algunas parcial* claridad original
        calligrafia grafia illeggibil* leggibil* decifr* ortografia sbiadit* incert* alcune alcuni difficili lettura dattil*
        handgeschreven leesbaar* onleesbaar* handtekening opmerking* vervaagd* moeilijk duidelijk sommige inkt
        caligrafia legível legíveis ilegível ilegíveis algumas observaç* pouco assinatura
        read reads_as closely render* rendering treat reproduc* underlin* gist careful* cross-check* incomplete typed sentence sentences superscripts insert* deletion* crossed crossed-out struck superscripted archaic period-typical hyphenat* stamp marginal* postscript overlap* torn worn damaged crease* folded  standardised standardized silently literal word-for-word worn background side bleed-through quality inconsistent slant* loops hasty neatly
        unklar* unscharf verschwommen buchstabengetreu korrekt fehler ungewiss zweifelhaft wort zeilen rand abgeschnitten verwischt fragezeichen klammern abkürzung* quelle fehlerhaft lesarten
        peu_lisible* effacé* erreur* coupé* bord taché* fidèle* fidèlement abréviation* graphie mot_à_mot doute douteu* corrections
        leer lee leen errores margen cortad* desvaíd* tenue tinta abreviatura* fiel fielmente literalmente duda ortográf* mayúsculas
        leggere errori margine tagliat* abbreviazion* fedele fedelmente punteggiatura dubbi* lacun* spelling leesfout* vlekken spelling rand fouten afkorting* ler erros margem pontuação cortad* abreviatur* apagad* dúvida* my_reading my_confidence ma_lecture best_guess best_guesses best_reading my_best_guess my_best_reading question_mark question_marks clear clearly appears_to_be appear_to_be seems_to_be seem_to_be corner corners low_resolution not_legible not_visible neat easy tidy consistent typical reliabl* best-effort markers marker""",
    # What an engine calls what it looks at.
    "page": """
        text texte texto testo tekst text's texts document* dokument* documento* manuscript manuscrito page pages página pagina
        seite blatt content contents inhalt contenu contenido contenuto inhoud  conteúdo material
        word words letter letters line lines name names date dates character characters passage passages portion portions part parts entries entry spot spots section sections spots
        wörter wort wörtern zeile* mot mots parties mot ligne* palabra palabras letra letras partes parole parola lettere woorden palavras letra línea*""",
    # What it may say the page is.
    "kind": """
        letter note receipt recipe diary journal card postcard record report register telegram will deed list form brief briefes briefs
        kirchenbuch* kirchenbucheintrag* eintrag lettre acte carta recibo receta lettera ricevuta brief carta bilhete certificate excerpt
        document_type language       century nineteenth eighteenth nineteenth-century 19th-century
        18th-century historical old personal military  baptismal d'état civil date decorative ornate border seal emblem portrait design drawing sketch illustration engraving watermark containing depicting featuring heading header footer letterhead column columns picture""",
    # Whose word it is: a letter is somebody's, a remark nobody's.
    "somebodys": """
        my your her his our  he she we us him thee thy mine yours
        mein* dein* unser* wir ihr ihre ihrem ihren uns dir dich  mon  mes ton ta tes votre vos notre  nous 
        mi mis  tus  sus nuestr* mio mia miei tua tuo vostro loro mijn uw onze meu minha teu""",
    # What holds any sentence together.
    "plain": """
        a an the this that these those it its it's itself there of to in on at by for from with without into onto out up off over and or but nor
        so as if than then though although because since while where which who what when how is are was were be been being am has have
        had do does did can could may might would should will shall not no n't none any all some several few many more most other another each
        both one two three four five first second third last final also only just very quite rather fairly somewhat here now exactly
        well too such own same about around near between within along throughout before after above under you i me etc due because_of owing
        full complete entire whole literal plain part couple of_the like see make made given get take keep be_able able unable cannot can't
        number item start started starts begin beginning begins end ends ending  top bottom  right upper lower corner side middle center
        der die das den dem des ein eine einen einem einer eines und oder aber auch von vom zu zum zur im in ins an am auf aus bei beim mit nach
        wegen aufgrund für so sehr nicht nur noch nun ist sind war waren wird wurde wurden werden wie als da dass daher ganz es sie er ich etwas
        kann können dieser diese dieses teil insbesondere wort noch hier vollständig* genau möglich besonders
        le la les l un une des du de d au aux et ou mais que qui quoi ce cet cette ces se sa son ses en y il elle est sont était été sur dans par
        pour avec sans pas ne plus très à je vous tel qu'il telle comme donc cause demandée intégrale autres l' c'est cela sera
        el la los las lo un una unos unas de del al y e o pero que qué en por para con sin no muy más es son está están era se su como a debido
        algo al toda todo completa literal bien hacer inglés del_todo
        il lo gli i uno una del dello della dei delle dal dalla nel nella nell sull a ad e o ma che chi non più è sono di da in con su per si se
        causa alla pure la l'
        het een de der van dat die dit in op te en of maar met zonder voor door is zijn was niet geen meer als u ik het_hele helemaal deze
        help helps helped helpful assist assistance hilf* helfe* weiter utile utili útil útiles aider ayud* aiut* ajud*
        o os as um uma do da dos das no na nos nas ao à e ou mas que não mais é são por para com sem em se esta este só estão toda ter
        such them rest result results output fully nothing followed next third couple gist whether exact accuracy always still yet even far much less most more least enough good overall your_request bit handful words_of
        ihnen sowie jedoch etwa mehr alles teile einigen mehreren während enthalten denn doch beim als_auch keine kein gut soweit ersten zweiten dritten
        aucun aucune chaque certains plusieurs bien aussi peut peuvent été être  restent propose complet quelque fait où cela_vous
        sea ha han he ser puede pueden podido aquí_tienes tienes tengo cada varias varios esto eso lugar parece parecen está_algo
        ho abbia hai stato stata essere può possono potrebbe potrebbero ogni molto tutto tutti questa questo fatto così quanto
        heb heeft hebben kan kunnen worden wordt ook alle veel zeer er hele zo tot niet_helemaal helemaal tem têm ser pode podem foi foram está estão há todo muito bem take they their them mich wissen tun we're wenn weil ob nach_dem si quando cuando quand wanneer kept left produced provided right  toward towards become becomes became that's there's key important auch ins reste sorry apologize apologise unfortunately ai model view provide extremely isn't aren't doesn't didn't don't wasn't weren't couldn't can't won't wouldn't better higher produce attempt prefer mark marking try try_to require""",
}
